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
  readonly #waiting = new Map<string, Waiting>();

  /** The answer, or why it was refused (thrown), or undefined once `ms` have gone by and nobody has taken it over. Register before the message is accepted. */
  wait(messageId: Promise<string>, ms: number): Promise<{ answer: unknown } | undefined> {
    return new Promise((resolve, reject) => {
      messageId.then((id) => {
        const leave = () => {
          this.#waiting.delete(id);
          resolve(undefined);
        };
        const waiting: Waiting = {
          claimed: false,
          over: false,
          settle: (answer) => {
            clearTimeout(timer);
            this.#waiting.delete(id);
            resolve({ answer });
          },
          leave,
          refuse: (problem) => {
            clearTimeout(timer);
            this.#waiting.delete(id);
            reject(problem);
          },
        };
        const timer = setTimeout(() => {
          waiting.over = true;
          // an answer being committed is worth the few milliseconds more
          if (!waiting.claimed) leave();
        }, ms);
        this.#waiting.set(id, waiting);
      }, reject);
    });
  }

  claim(messageId: string): boolean {
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined) return false;
    waiting.claimed = true;
    return true;
  }

  settle(messageId: string, answer: unknown): void {
    this.#waiting.get(messageId)?.settle(answer);
  }

  refuse(messageId: string, problem: BrokerError): void {
    this.#waiting.get(messageId)?.refuse(problem);
  }

  release(messageId: string): void {
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined) return;
    waiting.claimed = false;
    if (waiting.over) waiting.leave();
  }
}
