/** What everything stands on: the store, the partners, the trust, the contracts in force, the renderer, identities. */
import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Provider } from '@nestjs/common';
import { contractHash, flows } from '#contracts';
import type { Clock, Directory } from '#core';
import { createRenderer } from '#documents';
import { TrustStore } from '#protection';
import { openStore } from '#storage';
import { type WatchedStore, watched } from '../admission/store-watch.ts';
import { readCampaigns, withCampaign } from '../config/campaigns-file.ts';
import type { Configuration } from '../config/environment.ts';
import { FilePartnerDirectory } from '../config/partner-directory.ts';
import { storePlaceOf } from '../config/store-place.ts';
import { FlowsInForce } from '../directory/flows-in-force.ts';
import { createIdentity } from '../engine/identity.ts';
import type { Log } from '../engine/log.ts';
import { PortalDirectory } from '../engine/portal-directory.ts';
import { uuidv7 } from '../engine/stage-ports.ts';
import { InsiMetrics } from '../operations/metrics/insi-metrics.ts';
import { JournalMetrics } from '../operations/metrics/journal-metrics.ts';
import {
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IDENTITY,
  IGC_TRUST,
  LOG,
  RENDERER,
  STORE,
  TRUST,
} from '../tokens.ts';

/** Folder of the contracts in this package, wherever the program was called from: their samples are read there. */
const CONTRACTS = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'contracts');

export const foundations: Provider[] = [
  {
    provide: STORE,
    inject: [CONFIGURATION, LOG, CLOCK, JournalMetrics],
    useFactory: async (
      configuration: Configuration,
      log: Log,
      clock: Clock,
      metrics: JournalMetrics,
    ): Promise<WatchedStore> => {
      const store = await openStore({
        ...storePlaceOf(configuration),
        onLost: (error: Error) => log.warn({ err: error }, 'database connection lost'),
      });
      // a newer version only adds: this one works on, as during a rolling upgrade
      if (store.newer.length > 0) log.warn({ migrations: store.newer }, 'schema of a newer version');
      return watched({ ...store, unitOfWork: metrics.watch(store.unitOfWork) }, clock);
    },
  },
  {
    provide: DIRECTORY,
    inject: [CONFIGURATION, LOG],
    useFactory: ({ amqpUrl, partnersFile }: Configuration, log: Log) =>
      new PortalDirectory(
        new FilePartnerDirectory(partnersFile, {
          amqp: amqpUrl !== undefined,
          onChange: (problem) =>
            problem === undefined
              ? log.info('partners file read')
              : log.error({ err: problem }, 'partners file refused'),
        }),
      ),
  },
  {
    provide: TRUST,
    inject: [CONFIGURATION],
    useFactory: ({ tls, environment }: Configuration) =>
      TrustStore.of({
        anchors: readFileSync(tls.authorities, 'utf8'),
        crls: [readFileSync(tls.revocations, 'utf8')],
        production: environment === 'production',
      }),
  },
  {
    provide: IGC_TRUST,
    inject: [CONFIGURATION],
    useFactory: ({ igc, environment }: Configuration) =>
      existsSync(igc.authorities)
        ? TrustStore.of({
            anchors: readFileSync(igc.authorities, 'utf8'),
            crls: existsSync(igc.revocations) ? [readFileSync(igc.revocations, 'utf8')] : [],
            production: environment === 'production',
          })
        : undefined,
  },
  {
    provide: FLOWS,
    inject: [CONFIGURATION],
    useFactory: ({ features, campaignsFile }: Configuration) => {
      const campaigns = readCampaigns(campaignsFile, flows);
      const inForce = flows.map((flow) => withCampaign(flow, campaigns));
      return new FlowsInForce(inForce, contractHash, CONTRACTS, features);
    },
  },
  { provide: RENDERER, useFactory: () => createRenderer({ threads: 2 }) },
  {
    provide: IDENTITY,
    inject: [CONFIGURATION, CLOCK, DIRECTORY, InsiMetrics],
    useFactory: (configuration: Configuration, clock: Clock, directory: Directory, metrics: InsiMetrics) =>
      createIdentity(configuration, {
        clock,
        ids: uuidv7,
        directory,
        watch: (insi) => metrics.watch(insi),
      }),
  },
];
