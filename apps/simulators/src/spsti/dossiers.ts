/** The files that a simulated service holds, and what it answers to a request: as a vendor's software would. */

export interface RequestedWorker {
  traits: { birthName: string; firstNames: string[]; sex: string; birthDate: string };
  identityStatus: string;
  ins?: { value: string; key: string; oid: string };
}

/** A dossier as its service keeps it: DMST JSON of the exchange format, or the vendor's own PDF. */
export interface HeldDossier {
  birthName: string;
  birthDate: string;
  lastVisit: string;
  mediaType: 'application/json' | 'application/pdf';
  content: Uint8Array;
  /** right no. 2 of the worker, on file here */
  opposed?: boolean;
}

export type Answer =
  | { object: 'response'; dossier: HeldDossier }
  | { object: 'refusal'; code: 'R01' | 'R03' | 'R04'; detail?: string };

/** Birth name normalised and birth date; of several, the most recent visit; an opposition blocks without a reason shown. */
export function answerTo(worker: RequestedWorker, dossiers: readonly HeldDossier[]): Answer {
  const wanted = folded(worker.traits.birthName);
  const found = dossiers.filter(
    (dossier) => folded(dossier.birthName) === wanted && dossier.birthDate === worker.traits.birthDate,
  );
  if (found.some(({ opposed }) => opposed === true)) return { object: 'refusal', code: 'R01' };
  const [latest] = found.toSorted((a, b) => b.lastVisit.localeCompare(a.lastVisit));
  return latest === undefined ? { object: 'refusal', code: 'R03' } : { object: 'response', dossier: latest };
}

function folded(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[-'’]/g, ' ').toUpperCase();
}
