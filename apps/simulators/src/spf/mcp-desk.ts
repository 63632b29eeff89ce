import { createHash } from 'node:crypto';
import { type Acknowledgement, type Desk, isFirst, readTables } from '../partner/index.ts';

/** Numbers of the tables of compensated diseases that exist, by scheme: higher ones are coding errors. */
const LAST_TABLE: Readonly<Record<string, number>> = { RG: 102, RA: 61 };
/** Chapters of the CIM-10 that are no disease: circumstances, and codes for special purposes. */
const NO_DISEASE = /^[UVWXYZ]/;

/** Santé publique France: counts the lines, reads the reports one by one and tells coding errors by line. */
export const mcpDesk: Desk = async ({ messageId, parts, sender }, client) => {
  const { rows, faults } = readTables(parts);
  const lines = rows.get('tableau-de-bord') ?? [];
  const reports = rows.get('signalements') ?? [];
  const received = lines.length + reports.length;
  const marked = lines.filter(({ mcp }) => mcp === 'true').length;
  if (faults.length > 0 || lines.length === 0 || marked !== reports.length)
    return refused('not-conforming', received);
  const digest = createHash('sha256');
  for (const { content } of parts) digest.update(content);
  if (!isFirst(client, `${sender} ${digest.digest('hex')}`, messageId))
    return refused('duplicate-deposit', received);
  const items = reports.flatMap(({ pathology = '', table_regime = '', table_number = '' }, n) => [
    ...(NO_DISEASE.test(pathology) ? [{ line: n + 1, code: 'coding-pathology' }] : []),
    ...(Number.parseInt(table_number, 10) > (LAST_TABLE[table_regime] ?? 0)
      ? [{ line: n + 1, code: 'coding-table' }]
      : []),
  ]);
  const wrong = new Set(items.map(({ line }) => line)).size;
  const acknowledgement: Acknowledgement = {
    outcome: wrong === 0 ? 'accepted' : 'partial',
    reference: `${lines[0]?.['campaign']}/${messageId}`,
    counts: { received, accepted: received - wrong, refused: wrong },
    items,
  };
  return { acknowledgement };
};

function refused(code: string, received: number) {
  const counts = { received, accepted: 0, refused: received };
  return { acknowledgement: { outcome: 'refused' as const, counts, items: [{ code }] } };
}
