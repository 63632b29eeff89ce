/**
 * The message of the bench: a company file without workers nor health figures (`internal-company-file`). Of the flows
 * in force it is the one whose JSON may weigh from 1 kB to 20 MB, which asks no identity, waits for nobody and keeps
 * no order: what it costs is what any message costs, an exchange and a filter of part A included.
 */
export const COMPANY_FILE = {
  flow: 'internal-company-file',
  type: 'fr.relais-st.internal-company-file.company-file.v1',
  schema: 'company-file',
  sender: 'spsti-a',
  recipient: 'internal-a',
} as const;

/** ASCII: as many bytes as characters */
const WORDS =
  'Bruit des machines de debit mesure au poste en production, capotage et ecrans en place, protections ' +
  'individuelles a disposition, information faite aux equipes, prochaine mesure apres le demenagement';
const LABEL = 60;
const LONGEST = 200;

/** JSON of exactly `bytes` (1 000 to 500 000): a risk after the other, the labels of the first stretched to fit. */
export function companyFile(bytes: number): Buffer {
  const room = bytes - sizeOf(fileOf([]));
  const each = sizeOf(risk()) + 1;
  const more = Math.floor(room / each) - 1;
  const first = risk(room - sizeOf(risk()) - more * each);
  const file = Buffer.from(JSON.stringify(fileOf([first, ...Array.from({ length: more }, () => risk())])));
  if (file.length !== bytes) throw new RangeError(`no company file of ${bytes} bytes`);
  return file;
}

function fileOf(risks: object[]): object {
  return {
    schemaVersion: 'company-file/1',
    version: 7,
    asOf: '2026-06-30',
    company: { siren: '990000001', name: 'Menuiserie Exemple (fictive)' },
    establishment: { siret: '99000000100041', nafCode: '16.23Z', nafVersion: 'NAF-REV2', cse: true },
    headcount: { total: 24, women: 6, men: 18 },
    workUnits: [{ id: 'ATELIER', label: 'Atelier bois', headcount: 24, pcs: ['632d'] }],
    risks,
    followUpSummary: { SI: 9, SIA: 1, SIR: 14 },
  };
}

function risk(longer = 0): object {
  const inLabel = Math.min(longer, LONGEST - LABEL);
  const measure = {
    label: words(LABEL + longer - inLabel),
    kind: 'COLLECTIVE',
    status: 'FAITE',
    date: '2025-03-10',
  };
  return {
    label: words(LABEL + inLabel),
    workUnit: 'ATELIER',
    level: 3,
    exposedCount: 12,
    source: 'FE',
    measures: [measure],
  };
}

function words(length: number): string {
  return WORDS.padEnd(length, '.').slice(0, length);
}

function sizeOf(json: object): number {
  return Buffer.byteLength(JSON.stringify(json));
}
