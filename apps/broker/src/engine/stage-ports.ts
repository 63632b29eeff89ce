/** Small ports that need no library. */
import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import {
  BrokerError,
  type Clock,
  type Ids,
  type Transport,
  type TransportName,
  type TransportTable,
} from '#core';

export const systemClock: Clock = { now: () => new Date() };

/** UUIDv7, growing within the process even inside one millisecond. */
export const uuidv7: Ids = { next: (at) => (at === undefined ? v7() : v7({ msecs: at.getTime() })) };

/**
 * UUIDv7 by a clock that machines share: messages count in the order of their ids, whichever process took them. Growing
 * within the process even inside one millisecond, or when the clock is set back.
 */
export function idsBy(clock: Clock): Ids {
  let last = 0;
  let seq = 0;
  return {
    next(at) {
      if (at !== undefined) return v7({ msecs: at.getTime() });
      const now = clock.now().getTime();
      seq = now > last ? randomInt(2 ** 31) : seq + 1;
      last = Math.max(last, now);
      return v7({ msecs: last, seq });
    },
  };
}

export class Transports implements TransportTable {
  readonly #byName: ReadonlyMap<TransportName, Transport>;

  constructor(transports: readonly Transport[]) {
    this.#byName = new Map(transports.map((transport) => [transport.name, transport]));
  }

  for(name: TransportName): Transport {
    const transport = this.#byName.get(name);
    if (transport === undefined) throw new BrokerError('configuration.invalid');
    return transport;
  }
}
