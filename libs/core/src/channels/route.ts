/** Which way one object takes to one partner. */
import type { ObjectContract, Part } from '../contract.ts';
import type { Partner, TransportName } from '../partner.ts';
import type { ChannelName, PartnerChannels } from './channels.ts';

/** The first channel that the contract names and that the partner's agreement opens; else the partner's ordinary way. */
export function routeOf(
  { channels = [] }: Pick<ObjectContract, 'channels'>,
  { channels: open = {}, transport }: Pick<Partner, 'channels' | 'transport'>,
): TransportName {
  return channels.find((channel) => leadsOut(channel, open)) ?? transport;
}

/** A partner that only calls Relais is not reached by the way that it calls. */
function leadsOut(channel: ChannelName, open: PartnerChannels): boolean {
  return channel === 'interops-soap'
    ? open[channel]?.client !== undefined && open[channel].direction !== 'provider'
    : open[channel] !== undefined;
}

/** A document channel carries the parts made for it; any other way carries the rest. */
export function partsFor<P extends Pick<Part, 'only'>>(parts: readonly P[], way: TransportName): P[] {
  const own = parts.filter(({ only = [] }) => only.some((channel) => channel === way));
  return own.length > 0 ? own : parts.filter(({ only }) => only === undefined);
}
