/** NDJSON of the hdh-feed flow, of any length, made as it is read: fictional, valid, one kilobyte a line or so. */
import { randomBytes } from 'node:crypto';

export const BATCH_HEADER = {
  record: 'batch',
  profile: 'research/1',
  exportId: '7f1e9a52-3c1d-4b7a-9c55-0d6a8e1f2b34',
  mode: 'full',
  period: { from: '2026-01', to: '2026-06' },
  pseudonymisation: 'drawn-per-export',
  information: { informedAt: '2025-01-15', recordedBy: 'MT' },
  opposition: { appliedAt: '2026-07-01T06:00:00Z', listVersion: '2026-07', opposedOut: 12 },
} as const;

/** A line but for its link id. */
const REST = JSON.stringify({
  travailleur: { birthYear: 1979, sex: 'F' },
  periode_observation: { from: '2011-09', to: '2026-06' },
  episode_poste: [
    {
      from: '2011-09',
      to: '2018-02',
      naf: '43',
      nafVersion: 'NAF-REV2',
      pcs: '63',
      pcsVersion: 'PCS-ESE-2017',
      headcountBand: '10-49',
      contractType: 'CDI',
      workTime: 'FULL',
    },
    { from: '2018-03', naf: '81', nafVersion: 'NAF-REV2', pcs: '68', pcsVersion: 'PCS-ESE-2017' },
  ],
  exposition_professionnelle: [
    { from: '2012-01', to: '2018-02', factor: 'BRUIT', intensityClass: 3, source: 'FE' },
    { from: '2018-03', factor: 'CHIMIQUES', intensityClass: 2, durationClass: '10-20h', source: 'FDS' },
  ],
  visite_sante_travail: [
    { month: '2013-04', type: 'VIPI', role: 'MT', followUpCategory: 'SI' },
    { month: '2018-05', type: 'VIPP', role: 'IDEST', followUpCategory: 'SI' },
    { month: '2023-06', type: 'VIPP', role: 'IDEST', modality: 'TELE', followUpCategory: 'SI' },
  ],
  conclusion_medicale: [{ month: '2023-06', type: 'ATTS' }],
  examen_complementaire: [{ month: '2023-06', code: '8480-6', value: 128, unit: 'mm[Hg]' }],
  vaccination: [{ month: '2019-02', code: 'J07AM51' }],
}).slice(1);

const PIECE_LINES = 256;

/** At least `bytes` bytes: the header, then lines, `bad` of which nobody may accept. */
export async function* researchLines(bytes: number, bad = 0): AsyncGenerator<Buffer> {
  let written = 0;
  let refused = 0;
  yield Buffer.from(`${JSON.stringify(BATCH_HEADER)}\n`);
  while (written < bytes) {
    const ids = randomBytes(16 * PIECE_LINES);
    const lines = Array.from({ length: PIECE_LINES }, (_, i) => {
      const linkId = ids.toString('base64url', i * 16, (i + 1) * 16);
      return `{"linkId":"${linkId}",${REST}\n`;
    });
    // a telephone number where a code should be
    if (refused < bad) lines[0] = `{"linkId":"06 12 34 56 78",${REST}\n`;
    refused += 1;
    const piece = Buffer.from(lines.join(''));
    written += piece.length;
    yield piece;
  }
}
