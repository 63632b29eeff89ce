/** The pages of a source service. */
import type { Provider } from '@nestjs/common';
import { TenantKeys } from '#protection';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { AskedAbout } from '../incoming/asked-about.ts';
import { Decisions } from '../incoming/decisions.ts';
import { IncomingRequests } from '../incoming/incoming-requests.ts';
import { KeptCandidates } from '../incoming/kept-candidates.ts';
import { Proposals } from '../incoming/proposals.ts';
import { STORE } from '../tokens.ts';

export const incoming: Provider[] = [
  {
    provide: AskedAbout,
    inject: [Engine, TenantKeys],
    useFactory: ({ stages }: Engine, tenants: TenantKeys) => new AskedAbout(stages, tenants),
  },
  {
    provide: KeptCandidates,
    inject: [STORE, Engine],
    useFactory: ({ incoming: records }: Store, { stages }: Engine) =>
      new KeptCandidates(records, stages.vault),
  },
  {
    provide: Decisions,
    inject: [Engine, AskedAbout, KeptCandidates],
    useFactory: (engine: Engine, asked: AskedAbout, kept: KeptCandidates) =>
      new Decisions(engine, asked, kept),
  },
  {
    provide: Proposals,
    inject: [Engine, AskedAbout, KeptCandidates, Decisions],
    useFactory: (engine: Engine, asked: AskedAbout, kept: KeptCandidates, decisions: Decisions) =>
      new Proposals(engine, asked, kept, decisions),
  },
  {
    provide: IncomingRequests,
    inject: [Engine, STORE, AskedAbout, KeptCandidates],
    useFactory: (engine: Engine, { incoming: records }: Store, asked: AskedAbout, kept: KeptCandidates) =>
      new IncomingRequests(engine, records, asked, kept),
  },
];
