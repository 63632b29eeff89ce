/** After a new key-encryption key: what older ones still wrap is wrapped by it, so that they can be retired. */
import { recordEntry } from './journal.ts';
import type { Clock, Ids, OperationsRecords, UnitOfWork, Vault } from './ports.ts';
import { write } from './writes.ts';

const PAGE = 200;

/**
 * Content is not touched, only the keys that open it. May run beside brokers that know both key-encryption keys; what
 * ends meanwhile stays ended.
 *
 * @param newest name of the key that wraps from now on
 * @returns how many keys it wraps now
 * @throws BrokerError `configuration.invalid` when an older key-encryption key is not there
 */
export async function rewrapKeys(
  ports: {
    clock: Clock;
    ids: Ids;
    unitOfWork: UnitOfWork;
    operations: Pick<OperationsRecords, 'wrappedByOthers'>;
    vault: Pick<Vault, 'rewrap'>;
  },
  newest: string,
): Promise<number> {
  const { clock, ids, operations, unitOfWork, vault } = ports;
  let count = 0;
  for (let fromId = ''; ; ) {
    const page = await operations.wrappedByOthers(newest, PAGE, fromId);
    const last = page.at(-1);
    if (last === undefined) break;
    await unitOfWork.commit(
      page.map(({ of, id, atRest }) =>
        write(`${of}.rewrap`, { id, from: atRest.kekId, atRest: vault.rewrap(atRest) }),
      ),
    );
    count += page.length;
    // a held identity has the id of its message: what is done is no longer found
    fromId = last.id;
  }
  if (count === 0) return 0;
  const entry = recordEntry({
    id: ids.next(),
    at: clock.now().toISOString(),
    kind: 'keys.rewrapped',
    actor: 'broker',
    details: { keys: count, kek: newest },
  });
  await unitOfWork.commit([write('journal.entry', { entry })]);
  return count;
}
