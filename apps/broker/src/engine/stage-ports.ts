/** Small ports that need no library. */
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
