/** The ten sections (schemas/report.json), as far as the code of this flow reads them. */
export interface Report {
  year: number;
  version: number;
  service: { siret: string };
  members: {
    establishments: { byBand: Record<string, number>; byNafSection: Record<string, number>; total: number };
  };
  followed: {
    byCategory: Record<string, Record<string, number>>;
    sirTriggers: Record<string, number>;
    temporary: number;
  };
  staff: { role: string; heads: number; fte: number }[];
  workersPerMtFte: number;
  visits: { byType: Record<string, Record<string, number>>; delegatedShare: number };
  outputs: { INAP: Record<string, number> };
  pdp: { cell: boolean; accompanied: number; outcomes: Record<string, number> };
  offers: { charges: number; costPerWorker: number };
  quality: { completeness: number };
}
