import { type Desk, isFirst, strictReader } from '../partner/index.ts';

interface Sheet {
  pseudonym: { value: string };
  birthYear: number;
  sample: { on: string };
}

/** GIS Evrest: one sheet a worker and month, of the sample in force that month, answered as the questionnaire says. */
export const evrestDesk: Desk = async (delivery, client) => {
  const read = await strictReader(client, 'evrest', 'sheet');
  const json = delivery.json();
  const faults = read(json);
  if (faults.length > 0) return refused('not-conforming');
  const { pseudonym, birthYear, sample } = json as Sheet;
  if (sample.on < '2017-01-01' && birthYear % 2 !== 0) return refused('out-of-sample');
  if (!isFirst(client, `${pseudonym.value} ${sample.on}`, delivery.messageId)) return refused('duplicate');
  return {
    acknowledgement: {
      outcome: 'accepted' as const,
      reference: `EVREST/${delivery.messageId}`,
      counts: { received: 1, accepted: 1, refused: 0 },
      items: [],
    },
  };
};

function refused(code: string) {
  const counts = { received: 1, accepted: 0, refused: 1 };
  return { acknowledgement: { outcome: 'refused' as const, counts, items: [{ code }] } };
}
