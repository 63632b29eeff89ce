import type { MailTokens } from '#core';
import { MAIL_TOKENS } from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

/** No session of a person is open here: no mailbox opens by one. */
const NOBODY: MailTokens = { tokenFor: async () => undefined };

export const PSC: ChannelWiring = {
  providers: [{ provide: MAIL_TOKENS, useValue: NOBODY }],
  transports: [],
  readers: [],
};
