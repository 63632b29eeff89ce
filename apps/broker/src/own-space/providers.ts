/** The own space of workers and employers, wired. */
import type { Provider } from '@nestjs/common';
import type { Directory } from '#core';
import { PseudonymKey, TenantKeys } from '#protection';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { KeyedSubjects } from '../engine/own-subjects.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import { DIRECTORY, RATE_LIMITS, STORE } from '../tokens.ts';
import { EmployerSpace } from './employer.service.ts';
import { OwnCopies } from './own-copies.ts';
import { OwnSending } from './own-sending.ts';
import { Readers } from './reader.ts';
import { WorkerSpace } from './worker.service.ts';

export const ownSpace: Provider[] = [
  {
    provide: Readers,
    inject: [DIRECTORY, KeyedSubjects],
    useFactory: (directory: Directory, subjects: KeyedSubjects) => new Readers(directory, subjects),
  },
  {
    provide: OwnCopies,
    inject: [Engine, TenantKeys, PseudonymKey],
    useFactory: (engine: Engine, tenants: TenantKeys, key: PseudonymKey) =>
      new OwnCopies(engine, tenants, key),
  },
  {
    provide: OwnSending,
    inject: [Engine, PseudonymKey, RATE_LIMITS],
    useFactory: (engine: Engine, key: PseudonymKey, limits: RateLimits) =>
      new OwnSending(engine, key, limits),
  },
  {
    provide: WorkerSpace,
    inject: [Engine, OwnCopies, OwnSending, STORE],
    useFactory: (engine: Engine, copies: OwnCopies, sending: OwnSending, { journal }: Store) =>
      new WorkerSpace(engine, copies, sending, journal),
  },
  {
    provide: EmployerSpace,
    inject: [Engine, OwnCopies, OwnSending],
    useFactory: (engine: Engine, copies: OwnCopies, sending: OwnSending) =>
      new EmployerSpace(engine, copies, sending),
  },
];
