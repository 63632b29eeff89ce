/** Which way one object takes to one partner. */
import type { ObjectContract, Part } from '../contract.ts';
import type { Partner, TransportName } from '../partner.ts';
import type { ChannelName, PartnerChannels } from './channels.ts';
import { mayBeMailed } from './mailboxes.ts';

/**
 * The first channel that the contract names and that the partner's agreement opens; else the partner's ordinary way. The
 * portal's copy of a service is kept here, whatever channels that service has.
 */
export function routeOf(
  { channels = [], audience = 'enc' }: Partial<Pick<ObjectContract, 'channels' | 'audience'>>,
  { channels: open = {}, transport }: Pick<Partner, 'channels' | 'transport'>,
): TransportName {
  if (transport === 'portal') return transport;
  return channels.find((channel) => isOpen(channel, open, audience)) ?? transport;
}

/**
 * A mailbox that the whole service reads is no way for what its health professionals alone may read; a partner that only
 * calls Relais is not reached by the way that it calls.
 */
function isOpen(channel: ChannelName, open: PartnerChannels, audience: ObjectContract['audience']): boolean {
  if (channel === 'mssante' && open.mssante !== undefined) return mayBeMailed(open.mssante, audience);
  const interops = open['interops-soap'];
  if (channel === 'interops-soap' && interops !== undefined)
    return interops.client !== undefined && interops.direction !== 'provider';
  return open[channel] !== undefined;
}

/** A document channel carries the parts made for it; any other way carries the rest. */
export function partsFor<P extends Pick<Part, 'only'>>(parts: readonly P[], way: TransportName): P[] {
  const own = parts.filter(({ only = [] }) => only.some((channel) => channel === way));
  return own.length > 0 ? own : parts.filter(({ only }) => only === undefined);
}
