/** Callers that wait, in this process, for the answer to their message. */
import type { BrokerError, Waiters } from '#core';

interface Waiting {
  claimed: boolean;
  /** patience has run out */
  over: boolean;
  settle(answer: unknown): void;
  leave(): void;
  refuse(problem: BrokerError): void;
}

export class AnswerWaiters implements Waiters {
  /** several for one message: its sender and whoever repeats it meanwhile */
  readonly #waiting = new Map<string, Set<Waiting>>();

  /** The answer, or why it was refused (thrown), or undefined once `ms` have gone by and nobody has taken it over. Register before the message is accepted. */
  wait(messageId: Promise<string>, ms: number): Promise<{ answer: unknown } | undefined> {
    return new Promise((resolve, reject) => {
      messageId.then((id) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          this.#forget(id, waiting);
          settle();
        };
        const waiting: Waiting = {
          // one that is being given to somebody is given to all
          claimed: this.#of(id).some(({ claimed }) => claimed),
          over: false,
          settle: (answer) => end(() => resolve({ answer })),
          leave: () => end(() => resolve(undefined)),
          refuse: (problem) => end(() => reject(problem)),
        };
        const timer = setTimeout(() => {
          waiting.over = true;
          // an answer being committed is worth the few milliseconds more
          if (!waiting.claimed) waiting.leave();
        }, ms);
        this.#waiting.set(id, (this.#waiting.get(id) ?? new Set()).add(waiting));
      }, reject);
    });
  }

  claim(messageId: string): boolean {
    const all = this.#of(messageId);
    for (const waiting of all) waiting.claimed = true;
    return all.length > 0;
  }

  settle(messageId: string, answer: unknown): void {
    for (const waiting of this.#of(messageId)) waiting.settle(answer);
  }

  refuse(messageId: string, problem: BrokerError): void {
    for (const waiting of this.#of(messageId)) waiting.refuse(problem);
  }

  release(messageId: string): void {
    for (const waiting of this.#of(messageId)) {
      waiting.claimed = false;
      if (waiting.over) waiting.leave();
    }
  }

  #of(messageId: string): Waiting[] {
    return [...(this.#waiting.get(messageId) ?? [])];
  }

  #forget(messageId: string, waiting: Waiting): void {
    const all = this.#waiting.get(messageId);
    all?.delete(waiting);
    if (all?.size === 0) this.#waiting.delete(messageId);
  }
}
