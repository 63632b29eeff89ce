/** Token exchange, wired. */
import type { Provider } from '@nestjs/common';
import type { Clock } from '#core';
import type { Store } from '#storage';
import type { Configuration } from '../config/environment.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import { Bearer } from '../persons/bearer.ts';
import { CLOCK, CONFIGURATION, STORE } from '../tokens.ts';
import { ApiTokens } from './api-tokens.ts';
import { TokenExchange } from './token-exchange.ts';

export const pscExchangeProviders: Provider[] = [
  { provide: ApiTokens, inject: [CLOCK], useFactory: (clock: Clock) => new ApiTokens(clock) },
  {
    provide: TokenExchange,
    inject: [Bearer, ApiTokens, CLOCK, STORE, CONFIGURATION],
    useFactory: (
      bearer: Bearer,
      tokens: ApiTokens,
      clock: Clock,
      { unitOfWork }: Store,
      { apiTokenMinutes }: Configuration,
    ) => new TokenExchange({ bearer, tokens, clock, ids: uuidv7, unitOfWork, life: apiTokenMinutes * 60 }),
  },
];
