/** What the schema of a company file cannot say: sums, references, and identity wherever somebody is named. */
import { type Finding, insKey } from '#core';

export interface CompanyFile {
  version: number;
  company: { siren: string };
  establishment: { siret: string };
  headcount?: { total: number; women?: number; men?: number };
  workUnits?: { id: string }[];
  risks?: { workUnit?: string }[];
  workers?: CompanyWorker[];
}

interface CompanyWorker {
  ref: string;
  identityStatus: 'PROV' | 'RECUP' | 'VALI' | 'QUAL';
  ins?: { value: string; key: string };
  workUnit?: string;
}

const DETAILS = {
  'company.siret-mismatch': 'Le SIRET ne commence pas par le SIREN de l’entreprise.',
  'company.headcount-sum': 'L’effectif total est plus petit que la somme de ses parts.',
  'company.dangling-reference': 'Unité de travail absente de ce dossier.',
  'company.ref-repeated': 'Repère déjà employé pour un autre travailleur.',
  'company.worker-not-validated': 'Une personne n’est listée que si son identité est validée ou qualifiée.',
  'company.ins-not-qualified': 'Un matricule ne circule que pour une identité qualifiée.',
  'company.ins-key': 'La clé ne correspond pas au matricule.',
} as const;

export function checkCompanyFile(json: unknown): Finding[] {
  const { company, establishment, headcount, workUnits = [], risks = [], workers = [] } = json as CompanyFile;
  const units = new Set(workUnits.map(({ id }) => id));
  const parts = (headcount?.women ?? 0) + (headcount?.men ?? 0);
  return [
    ...(establishment.siret.startsWith(company.siren)
      ? []
      : [finding('/establishment/siret', 'company.siret-mismatch')]),
    ...(headcount !== undefined && parts > headcount.total
      ? [finding('/headcount/total', 'company.headcount-sum')]
      : []),
    ...dangling('/risks', risks, units),
    ...dangling('/workers', workers, units),
    ...workerFindings(workers),
  ];
}

function dangling(at: string, rows: readonly { workUnit?: string }[], units: ReadonlySet<string>): Finding[] {
  return rows.flatMap(({ workUnit }, n) =>
    workUnit === undefined || units.has(workUnit)
      ? []
      : [finding(`${at}/${n}/workUnit`, 'company.dangling-reference')],
  );
}

function workerFindings(workers: readonly CompanyWorker[]): Finding[] {
  const seen = new Set<string>();
  return workers.flatMap(({ ref, identityStatus, ins }, n) => {
    const at = `/workers/${n}`;
    const repeated = seen.has(ref);
    seen.add(ref);
    return [
      ...(repeated ? [finding(`${at}/ref`, 'company.ref-repeated')] : []),
      ...(identityStatus === 'VALI' || identityStatus === 'QUAL'
        ? []
        : [finding(`${at}/identityStatus`, 'company.worker-not-validated')]),
      ...(ins !== undefined && identityStatus !== 'QUAL'
        ? [finding(`${at}/ins`, 'company.ins-not-qualified')]
        : []),
      ...(ins !== undefined && insKey(ins.value) !== ins.key
        ? [finding(`${at}/ins/key`, 'company.ins-key')]
        : []),
    ];
  });
}

function finding(pointer: string, code: keyof typeof DETAILS): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
