/** Mails that could not be handled: when each is tried again, and which is given up. In memory: a restart tries them all. */
import type { BrokerError, ErrorCode } from '#core';

interface Waiting {
  tries: number;
  /** performance.now() */
  at: number;
  code: ErrorCode;
  isOurs: boolean;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 600_000;
/** what is our own fault is not tried for ever: a person looks at the mail */
const MOST_TRIES = 6;

export class Later {
  readonly #waiting = new Map<string, Waiting>();

  failed(key: string, { code, next }: BrokerError): void {
    const tries = (this.#waiting.get(key)?.tries ?? 0) + 1;
    const wait = code === 'body.too-large' ? 0 : Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
    this.#waiting.set(key, { tries, at: performance.now() + wait, code, isOurs: next === 'stop' });
  }

  done(key: string): void {
    this.#waiting.delete(key);
  }

  /** Of a mail that somebody took away nothing is due any more. @param keys of all that stand there */
  keep(keys: readonly string[]): void {
    const there = new Set(keys);
    for (const key of this.#waiting.keys()) if (!there.has(key)) this.#waiting.delete(key);
  }

  isTooSoon(key: string): boolean {
    return (this.#waiting.get(key)?.at ?? 0) > performance.now();
  }

  /** Why that mail is not opened again; undefined = it may be. */
  givenUp(key: string): ErrorCode | undefined {
    const waiting = this.#waiting.get(key);
    // a server that sends more than it announced does so again
    if (waiting?.code === 'body.too-large') return waiting.code;
    return waiting?.isOurs === true && waiting.tries >= MOST_TRIES ? waiting.code : undefined;
  }

  /** ms to the next one that is due */
  nextMs(): number {
    const times = [...this.#waiting.values()].map(({ at }) => at - performance.now());
    return Math.max(0, Math.min(LONGEST_MS, ...times));
  }
}
