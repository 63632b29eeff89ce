/** A body that is read as it comes, by whoever asks for its next piece: no faster, and never whole. */
import type { IncomingMessage } from 'node:http';
import { BrokerError } from '#core';

/** What nobody reads any more is let pass for so long: cut at once, the sender would lose the answer with the line. */
const LINGER_MS = 2_000;

export class BodyStream implements AsyncIterable<Uint8Array> {
  constructor(
    private readonly payload: IncomingMessage,
    /** no byte for so long, while one is asked for = stalled */
    private readonly stallMs: number,
  ) {}

  /** @throws BrokerError `body.stalled`, `event.malformed` when it was cut short */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const pieces = this.payload.iterator({ destroyOnReturn: false });
    for (;;) {
      const { done, value } = await this.#next(pieces);
      if (done === true) return;
      yield value as Buffer;
    }
  }

  /** After a refusal: reads on for a moment, keeps nothing. */
  async drain(): Promise<void> {
    const { payload } = this;
    if (payload.readableEnded || payload.destroyed) return;
    await new Promise<void>((resolve) => {
      const lingering = setTimeout(resolve, LINGER_MS);
      const over = () => {
        clearTimeout(lingering);
        resolve();
      };
      payload.on('error', over).on('end', over).on('close', over).resume();
    });
  }

  #next(pieces: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
    return new Promise((resolve, reject) => {
      const stalled = setTimeout(() => reject(new BrokerError('body.stalled')), this.stallMs);
      pieces
        .next()
        .then(resolve, (cause: unknown) =>
          reject(new BrokerError('event.malformed', { detail: 'Corps interrompu avant sa fin.', cause })),
        )
        .finally(() => clearTimeout(stalled));
    });
  }
}
