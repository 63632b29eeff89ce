import { cardProviders } from '../../cards/providers.ts';
import { pscExchangeProviders } from '../../psc-exchange/providers.ts';
import { pscSessionProviders } from '../../psc-sessions/providers.ts';
import type { ChannelWiring } from './wiring.ts';

/** No transport of its own: sessions of people, by which mailboxes open (MAIL_TOKENS). */
export const PSC: ChannelWiring = {
  providers: [...pscSessionProviders, ...pscExchangeProviders, ...cardProviders],
  transports: [],
  readers: [],
};
