/** What an establishment is exposed to and what is done about it (schemas/establishments.json). */
export interface Establishment {
  siret: string;
  nafCode: string;
  nafVersion: string;
  headcountBand: string;
  period: { from: string; to: string };
  version: number;
  lines: Line[];
}

export interface Line {
  tepCode: string;
  workUnit: string;
  /** workers exposed; `<11` once published */
  exposedCount: number | string;
  protection?: string[];
  measures: { type: string; status: string; date?: string }[];
  source: string;
}
