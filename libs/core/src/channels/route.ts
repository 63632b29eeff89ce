/** Which way one object takes to one partner. */
import type { ObjectContract, Part } from '../contract.ts';
import type { Partner, TransportName } from '../partner.ts';

/** The first channel that the contract names and that the partner's agreement opens; else the partner's ordinary way. */
export function routeOf(
  { channels = [] }: Pick<ObjectContract, 'channels'>,
  { channels: open = {}, transport }: Pick<Partner, 'channels' | 'transport'>,
): TransportName {
  return channels.find((channel) => open[channel] !== undefined) ?? transport;
}

/** A document channel carries the parts made for it; any other way carries the rest. */
export function partsFor<P extends Pick<Part, 'only'>>(parts: readonly P[], way: TransportName): P[] {
  const own = parts.filter(({ only = [] }) => only.some((channel) => channel === way));
  return own.length > 0 ? own : parts.filter(({ only }) => only === undefined);
}
