/** Sessions kept for thick clients, wired. */
import type { Provider } from '@nestjs/common';
import type { Clock, Directory, MailTokens } from '#core';
import type { Store } from '#storage';
import type { Log } from '../engine/log.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import { Issuers } from '../persons/issuers.ts';
import { PublicOrigin } from '../persons/public-origin.ts';
import { CLOCK, DIRECTORY, LOG, MAIL_TOKENS, STORE } from '../tokens.ts';
import { BrowserLogins } from './browser-logins.ts';
import { PscSessions } from './psc-sessions.ts';

export const pscSessionProviders: Provider[] = [
  {
    provide: BrowserLogins,
    inject: [Issuers, CLOCK, PublicOrigin],
    useFactory: (issuers: Issuers, clock: Clock, origin: PublicOrigin) =>
      new BrowserLogins(issuers, clock, origin.get),
  },
  {
    provide: PscSessions,
    inject: [Issuers, DIRECTORY, CLOCK, STORE, BrowserLogins, LOG],
    useFactory: (
      issuers: Issuers,
      directory: Directory,
      clock: Clock,
      { unitOfWork }: Store,
      logins: BrowserLogins,
      log: Log,
    ) =>
      new PscSessions({
        issuers,
        directory,
        clock,
        ids: uuidv7,
        unitOfWork,
        logins,
        onFailure: (error) => log.error({ err: error }, 'wait for a person ended by a fault'),
      }),
  },
  {
    provide: MAIL_TOKENS,
    inject: [PscSessions],
    useFactory: (sessions: PscSessions): MailTokens => ({
      tokenFor: (address) => sessions.tokenFor(address),
    }),
  },
];
