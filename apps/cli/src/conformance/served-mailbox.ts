/** For a partner with no address of its own: its software looks in the mailbox and gives its receipt. */
import type { Courier, Told } from './courier.ts';
import type { Parcel } from './make-parcel.ts';
import type { ReferenceBroker } from './reference-broker.ts';

/** silence means a refusal once this long has passed, or three times the slowest receipt */
const SHORTEST_SILENCE_MS = 1_000;

export class ServedMailbox implements Courier {
  #slowestMs = 0;

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
    const silenceMs = Math.max(SHORTEST_SILENCE_MS, 3 * this.#slowestMs);
    const began = performance.now();
    this.broker.post(parcel);
    const receipt = await this.broker.receiptOf(
      parcel.deliveryId,
      expects === 'taken' ? this.patienceMs : silenceMs,
    );
    this.broker.forget(parcel);
    if (receipt === undefined) return { outcome: 'silent', got: 'aucun reçu' };
    if (expects === 'taken') this.#slowestMs = Math.max(this.#slowestMs, performance.now() - began);
    return { outcome: receipt === 'refused' ? 'refused' : 'taken', got: `reçu « ${receipt} »` };
  }

  async close(): Promise<void> {
    this.#slowestMs = 0;
  }
}
