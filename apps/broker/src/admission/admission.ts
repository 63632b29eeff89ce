/**
 * Whether a new message may come in. Asked by every way in before it reads a body, and answered at once: what is ill is
 * known already. What is under way goes on.
 */
import { BrokerError } from '#core';

/** `blocked`: it stands, and takes nothing for now */
export type CheckState = 'up' | 'blocked' | 'down' | 'draining';

/** What stands in the way, in the words of whoever sends. */
const DETAILS: Readonly<Record<string, string>> = {
  process: 'Arrêt en cours : renvoyez le message, il sera pris dans un instant.',
  disk: 'Espace de stockage insuffisant : rien n’a été pris, renvoyez le message plus tard.',
};

const RETRY_AFTER: Readonly<Record<string, number>> = { disk: 30 };

export class Admission {
  #draining = false;

  constructor(private readonly checks: Readonly<Record<string, () => 'up' | 'blocked' | 'down'>>) {}

  /** From now on and for good: this process is ending. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Each check by its name. Asks nobody. */
  states(): Record<string, CheckState> {
    return {
      process: this.#draining ? 'draining' : 'up',
      ...Object.fromEntries(Object.entries(this.checks).map(([name, state]) => [name, state()])),
    };
  }

  /** @throws BrokerError `store.unavailable` with the seconds to wait: nothing may be taken now */
  ask(): void {
    for (const [name, state] of Object.entries(this.states())) {
      if (state === 'up') continue;
      const detail = DETAILS[name];
      throw new BrokerError('store.unavailable', {
        retryAfter: RETRY_AFTER[name] ?? 2,
        ...(detail === undefined ? {} : { detail }),
      });
    }
  }
}

/** The same pieces, as long as new ones may be taken: a long body fills the disk as well as many short ones. */
export async function* whileAdmitted(
  admission: Pick<Admission, 'ask'>,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    admission.ask();
    yield piece;
  }
}
