/** What an operator sees of the stages: traces. */
import type { Provider } from '@nestjs/common';
import type { Configuration } from '../config/environment.ts';
import type { Log } from '../engine/log.ts';
import { createTracing } from '../engine/tracing.ts';
import { CONFIGURATION, LOG, TRACING } from '../tokens.ts';

export const observation: Provider[] = [
  {
    provide: TRACING,
    inject: [CONFIGURATION, LOG],
    useFactory: (configuration: Configuration, log: Log) => createTracing(configuration, log),
  },
];
