/** What the bench compares: something that takes messages over HTTPS and has them at their recipient's. */
import type { Pushed } from './sink.ts';

export interface Contender {
  name: string;
  /** where messages are posted */
  url: string;
  /** CPU milliseconds so far, by what spent them */
  cpu(): Readonly<Record<string, number>>;
  /** processes of the service itself, for their memory; servers it stands on not counted */
  pids: readonly number[];
  /** what its recipient reads in a delivery, decrypted and, where it is signed, verified */
  open(pushed: Pushed): Promise<Buffer>;
  stop(): Promise<void>;
}
