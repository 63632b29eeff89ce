import { type Acknowledgement, type Desk, isFirst, readTables } from '../partner/index.ts';

/** Where the State's own employees' sheets go; the other partner of this desk takes all the rest. */
const FOR_THE_STATE = 'dgafp';

/** Public statistics: a sheet once, complete, of the right part of the survey; what is missing is asked for. */
export const sumerDesk: Desk = async ({ messageId, parts }, client) => {
  const { rows, faults } = readTables(parts);
  const [sheet] = rows.get('feuilles') ?? [];
  const exposures = rows.get('expositions') ?? [];
  const contradicted = exposures.some(({ noProtection, ppe }) => noProtection === 'true' && ppe !== '');
  const forTheState = sheet?.['establishment_status'] === 'ETAT';
  const joined = [...exposures, ...(rows.get('autoquestionnaire') ?? [])].every(
    ({ sheetId }) => sheetId === sheet?.['sheetId'],
  );
  if (
    sheet === undefined ||
    faults.length > 0 ||
    contradicted ||
    !joined ||
    forTheState !== (client.partner === FOR_THE_STATE)
  )
    return refused('not-conforming');
  const { sheetId = '' } = sheet;
  if (!isFirst(client, sheetId, messageId)) return refused('duplicate-sheet');
  const items = exposures.flatMap(({ opinion }, n) =>
    opinion === '' ? [{ pointer: `/exposures/${n}/opinion`, line: n + 1, code: 'missing-item' }] : [],
  );
  const acknowledgement: Acknowledgement = {
    outcome: items.length === 0 ? 'accepted' : 'partial',
    reference: `${sheet['survey']}/${sheetId}`,
    counts: { received: 1, accepted: 1, refused: 0 },
    items,
  };
  return { acknowledgement };
};

function refused(code: string) {
  const counts = { received: 1, accepted: 0, refused: 1 };
  return { acknowledgement: { outcome: 'refused' as const, counts, items: [{ code }] } };
}
