/** For a partner with no address of its own: its software looks in the mailbox and gives its receipt. */
import type { Courier, Told } from './courier.ts';
import type { Parcel } from './make-parcel.ts';
import type { ReferenceBroker } from './reference-broker.ts';

/** silence means a refusal once this long has passed, or five times what the last receipt of a good delivery took */
const SHORTEST_SILENCE_MS = 300;

export class ServedMailbox implements Courier {
  #lastMs = 0;

  constructor(
    private readonly broker: ReferenceBroker,
    private readonly patienceMs: number,
  ) {}

  async reach(): Promise<{ there: boolean; got: string }> {
    const there = await this.broker.polled(this.patienceMs);
    return {
      there,
      got: there ? 'boîte relevée' : `boîte non relevée en ${this.patienceMs / 1000} s`,
    };
  }

  async offer(parcel: Parcel, { expects }: { expects: 'taken' | 'refused' }): Promise<Told> {
    const began = performance.now();
    this.broker.post(parcel);
    if (!(await this.broker.leased(parcel, this.patienceMs))) {
      this.broker.withdraw(parcel);
      return { outcome: 'cut', got: `boîte non relevée en ${this.patienceMs / 1000} s` };
    }
    const silenceMs = Math.max(SHORTEST_SILENCE_MS, 5 * this.#lastMs);
    await this.broker.receiptOf(parcel.deliveryId, expects === 'taken' ? this.patienceMs : silenceMs);
    if (expects === 'taken') this.#lastMs = performance.now() - began;
    return this.since(parcel);
  }

  /** Software that takes one after the other has said all of this one once it has taken the next. */
  async since({ deliveryId }: Parcel): Promise<Told> {
    const receipt = await this.broker.receiptOf(deliveryId, 0);
    if (receipt === undefined) return { outcome: 'silent', got: 'aucun reçu' };
    return { outcome: receipt === 'refused' ? 'refused' : 'taken', got: `reçu « ${receipt} »` };
  }

  /** The broker that holds the mailbox is closed by whoever opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
