import { readFileSync } from 'node:fs';
import type { ClinicalDocuments, Clock, Directory, MailSealing, MailTokens } from '#core';
import type { TrustStore } from '#protection';
import type { Store } from '#storage';
import { type IgcTrust, MailNetwork, MailSealer, MssanteDiscovery, MssanteMail } from '#transports';
import { requestMailOf } from '../../channels/request-mail.ts';
import type { Configuration } from '../../config/environment.ts';
import type { FlowsInForce } from '../../directory/flows-in-force.ts';
import { MailMetrics } from '../../operations/metrics/mail-metrics.ts';
import {
  CLINICAL_DOCUMENTS,
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IGC_TRUST,
  MAIL_SEALING,
  MAIL_TOKENS,
  MAIL_TRUST,
  STORE,
} from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const CONNECT_MS = 5_000;
const AUTOCONFIG_MS = 10_000;

export const MSSANTE: ChannelWiring = {
  providers: [
    {
      provide: MAIL_TRUST,
      inject: [CONFIGURATION, IGC_TRUST],
      useFactory: ({ igc }: Configuration, trust?: TrustStore): IgcTrust | undefined =>
        trust && {
          authorities: readFileSync(igc.authorities, 'utf8'),
          fault: (certificate, at) => trust.fault(certificate, 'server', at),
        },
    },
    {
      provide: MailNetwork,
      inject: [CONFIGURATION],
      useFactory: ({ mssanteLoopback }: Configuration) =>
        new MailNetwork({ loopback: mssanteLoopback, connectTimeoutMs: CONNECT_MS }),
    },
    {
      provide: MssanteDiscovery,
      inject: [MailNetwork, CLOCK, MAIL_TRUST],
      useFactory: (network: MailNetwork, clock: Clock, trust?: IgcTrust) =>
        trust && new MssanteDiscovery({ network, clock, trust, timeoutMs: AUTOCONFIG_MS }),
    },
    {
      provide: MssanteMail,
      inject: [
        ...[CONFIGURATION, CLOCK, DIRECTORY, STORE, FLOWS, CLINICAL_DOCUMENTS, MAIL_TOKENS, MailMetrics],
        ...[MailNetwork, MAIL_SEALING, IGC_TRUST, MAIL_TRUST, MssanteDiscovery],
      ],
      useFactory: (
        { environment }: Configuration,
        clock: Clock,
        directory: Directory,
        { records }: Store,
        flows: FlowsInForce,
        documents: ClinicalDocuments,
        tokens: MailTokens,
        metrics: MailMetrics,
        network: MailNetwork,
        sealing: MailSealing,
        store?: TrustStore,
        trust?: IgcTrust,
        discovery?: MssanteDiscovery,
      ) =>
        trust &&
        discovery &&
        new MssanteMail({
          network,
          trust,
          clock,
          discovery,
          documents,
          tokens,
          sealer: new MailSealer({
            sealing,
            clock,
            fault: (one, purpose, at) => (store === undefined ? 'foreign' : store.fault(one, purpose, at)),
          }),
          directory,
          contractOf: ({ flow, type, object }) => flows.of(flow, type)?.flow.contract.objects[object],
          exchangeOf: async ({ correlationId }) =>
            correlationId === undefined ? undefined : records.exchange(correlationId),
          answered: (parcel) => requestMailOf(parcel, records, directory),
          production: environment === 'production',
          onSent: (facts) => metrics.sent(facts),
        }),
    },
  ],
  transports: [MssanteMail],
  readers: [],
};
