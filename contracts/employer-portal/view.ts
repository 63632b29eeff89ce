/** As far as the code of this flow reads them (schemas/employer-view.json, schemas/declaration.json). */
export interface Worker {
  birthName: string;
  firstNames: string[];
  birthDate: string;
  usedName?: string;
  sex?: 'M' | 'F' | 'I';
  birthPlace?: string;
}

export interface EmployerView {
  siret: string;
  output?: {
    type: 'ATTS' | 'APTI' | 'INAP' | 'AMEN';
    worker: Worker;
    professional: { role: string };
    sirTriggers?: string[];
    measures?: string[];
    unfitness?: object;
  };
  recommendations?: { worker: Worker };
  establishment?: {
    followedWorkers: number;
    statistics?: { year: number; outputs: Record<string, Record<string, number>> };
  };
}

export interface Declaration {
  siret: string;
  lines: {
    kind: 'ENTREE' | 'SORTIE' | 'POSTE' | 'RISQUE' | 'AT';
    from?: string;
    to?: string;
    sirTriggers?: string[];
    reason?: string;
    consultedOn?: string;
  }[];
}
