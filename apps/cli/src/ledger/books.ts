/** The store's side of the ledger, read in one go: a running broker writes on, and the books still agree with themselves. */
import { type ReadableStore, readAtOneMoment, type StorePlace } from '#storage';
import type { Books } from './balance.ts';

const PAGE = 1_000;

export function readBooks(place: StorePlace): Promise<Books> {
  return readAtOneMoment(place, async (store) => {
    const units: Books['units'][number][] = [];
    for await (const unit of store.operations.units()) units.push(unit as Books['units'][number]);
    return { units, ...(await journalled(store)), stranded: await stranded(store) };
  });
}

/** In the order of entries: the oldest first. */
async function journalled({
  source,
}: ReadableStore): Promise<Pick<Books, 'journalled' | 'forgotten' | 'purgedUntil'>> {
  const accepted: Books['journalled'][number][] = [];
  let forgotten = 0;
  let purgedUntil: string | undefined;
  for (let after = ''; ; ) {
    const page = await source.sql<{ id: string; body: string }[]>`SELECT id, body FROM journal_entry
      WHERE id > ${after} ORDER BY id LIMIT ${PAGE}`;
    for (const { body } of page) {
      const { kind, actor, messageId, details } = JSON.parse(body);
      if (kind === 'message.accepted')
        accepted.push({ messageId, sender: actor, recipients: details.recipients.split(' ') });
      else if (kind === 'message.forgotten') forgotten += details.units;
      else if (kind === 'journal.purged') {
        forgotten -= details.units;
        purgedUntil = details.until;
      }
    }
    const last = page.at(-1)?.id;
    if (last === undefined)
      return { journalled: accepted, forgotten, ...(purgedUntil === undefined ? {} : { purgedUntil }) };
    after = last;
  }
}

/** Waits for a job that is not there. What lies in a mailbox waits for its recipient, and needs none. */
async function stranded({ source }: ReadableStore): Promise<Books['stranded']> {
  const messages = await source.sql<{ messageId: string }[]>`SELECT id AS "messageId" FROM message
    WHERE status IN ('accepted', 'preparing') AND NOT EXISTS (SELECT 1 FROM job WHERE job.message_id = message.id)`;
  const deliveries = await source.sql<{ messageId: string; recipient: string }[]>`
    SELECT message_id AS "messageId", recipient FROM delivery
    WHERE state IN ('queued', 'sending', 'retrying')
      AND NOT EXISTS (SELECT 1 FROM job WHERE job.message_id = delivery.message_id AND job.delivery_id = delivery.id)`;
  return [...messages, ...deliveries];
}
