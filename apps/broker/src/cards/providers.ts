/** Cards, wired: nothing where no authority of cards is configured. */
import { readFileSync } from 'node:fs';
import type { Provider } from '@nestjs/common';
import type { Clock } from '#core';
import { TrustStore } from '#protection';
import type { Store } from '#storage';
import { readCardRegister } from '../config/cards-file.ts';
import type { Configuration } from '../config/environment.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import { Sessions } from '../persons/sessions.ts';
import { CARD_SIGN_IN, CARD_TRUST, CLOCK, CONFIGURATION, STORE } from '../tokens.ts';
import { CardSignIn } from './card-sign-in.ts';

export const cardProviders: Provider[] = [
  {
    provide: CARD_TRUST,
    inject: [CONFIGURATION],
    useFactory: ({ cards, environment }: Configuration) =>
      cards === undefined
        ? undefined
        : TrustStore.of({
            anchors: readFileSync(cards.authorities, 'utf8'),
            crls: [readFileSync(cards.revocations, 'utf8')],
            production: environment === 'production',
          }),
  },
  {
    provide: CARD_SIGN_IN,
    inject: [CONFIGURATION, { token: CARD_TRUST, optional: true }, Sessions, CLOCK, STORE],
    useFactory: (
      { cards }: Configuration,
      trust: TrustStore | undefined,
      sessions: Sessions,
      clock: Clock,
      { unitOfWork }: Store,
    ) =>
      cards === undefined || trust === undefined
        ? undefined
        : new CardSignIn({
            trust,
            register: readCardRegister(cards.register),
            sessions,
            clock,
            ids: uuidv7,
            unitOfWork,
          }),
  },
];
