/**
 * About once a second: signs the Merkle root (RFC 6962) of the entries that no seal has taken, and chains to the seal
 * before. A late commit is taken by the next seal whatever its id; a gap is never a removal.
 */
import { createHash } from 'node:crypto';
import { asBrokerError } from './errors.ts';
import { merkleRoot, type SealClaims } from './journal.ts';
import { type Clock, type KeeperRecords, type Signer, type UnitOfWork, WriteConflict } from './ports.ts';
import { write } from './writes.ts';

const MOST = 5_000;
const FIRST = '0'.repeat(64);

export class Sealer {
  constructor(
    private readonly clock: Clock,
    private readonly signer: Signer,
    private readonly unitOfWork: UnitOfWork,
    private readonly records: KeeperRecords,
  ) {}

  /** @returns the number of entries sealed, undefined when somebody else sealed them first */
  async seal(): Promise<number | undefined> {
    const entries = await this.records.unsealedEntries(MOST);
    if (entries.length === 0) return 0;
    const last = await this.records.lastSeal();
    const claims: SealClaims = {
      n: (last?.n ?? 0) + 1,
      at: this.clock.now().toISOString(),
      size: entries.length,
      root: merkleRoot(entries.map((entry) => Buffer.from(entry.hash, 'hex'))).toString('hex'),
      prev: last === undefined ? FIRST : createHash('sha256').update(last.jws).digest('hex'),
    };
    const jws = this.signer.sign(claims, 'relais-seal+jwt');
    try {
      await this.unitOfWork.commit([
        write('journal.seal', { ...claims, jws }),
        write('journal.assign', { seal: claims.n, entries: entries.map((entry) => entry.id) }),
      ]);
      return entries.length;
    } catch (error) {
      if (error instanceof WriteConflict || asBrokerError(error).code === 'writer.fenced') return undefined;
      throw error;
    }
  }

  /** Seals whatever was committed before the call: the seal that ends an export. What comes meanwhile may wait. */
  async sealAll(): Promise<void> {
    for (;;) {
      const sealed = await this.seal();
      if (sealed !== undefined && sealed < MOST) return;
    }
  }
}
