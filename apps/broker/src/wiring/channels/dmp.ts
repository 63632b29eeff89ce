import { readFileSync } from 'node:fs';
import type { ClinicalDocuments, Clock, XmlSignatures } from '#core';
import type { TrustStore } from '#protection';
import { type CertificateJudge, MandateAgents, Mhd, XdsB } from '#transports';
import type { Configuration } from '../../config/environment.ts';
import { installation, SOFTWARE } from '../../engine/software.ts';
import { CLINICAL_DOCUMENTS, CLOCK, CONFIGURATION, IGC_TRUST, XML_SIGNATURES } from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const CONNECT_MS = 5_000;
/** what is kept of an answer before the transports look at it */
const ANSWER_BYTES = 4 << 20;

/** Servers of the health network are believed by IGC Santé alone: without its authorities these ways are not here. */
export const DMP: ChannelWiring = {
  providers: [
    {
      provide: XdsB,
      inject: [
        CONFIGURATION,
        CLOCK,
        CLINICAL_DOCUMENTS,
        XML_SIGNATURES,
        { token: IGC_TRUST, optional: true },
      ],
      useFactory: (
        { home, igc }: Configuration,
        clock: Clock,
        documents: ClinicalDocuments,
        signatures: XmlSignatures,
        trust?: TrustStore,
      ) =>
        trust &&
        new XdsB({
          clock,
          documents,
          signatures,
          ...believing(trust, igc.authorities, clock),
          software: SOFTWARE,
          sourceId: installation(home),
        }),
    },
    {
      provide: Mhd,
      inject: [CONFIGURATION, CLOCK, CLINICAL_DOCUMENTS, { token: IGC_TRUST, optional: true }],
      useFactory: (
        { home, igc }: Configuration,
        clock: Clock,
        documents: ClinicalDocuments,
        trust?: TrustStore,
      ) =>
        trust &&
        new Mhd({
          clock,
          documents,
          ...believing(trust, igc.authorities, clock),
          sourceId: installation(home),
        }),
    },
  ],
  transports: [XdsB, Mhd],
  readers: [],
};

/** Servers, and the certificates of mandates, are judged by IGC Santé at each use. */
function believing(trust: TrustStore, authorities: string, clock: Clock) {
  const fault: CertificateJudge = (certificate, purpose) => trust.fault(certificate, purpose, clock.now());
  const agents = new MandateAgents({
    ca: readFileSync(authorities, 'utf8'),
    fault,
    connectTimeoutMs: CONNECT_MS,
    maxResponseSize: ANSWER_BYTES,
  });
  return { agents, fault };
}
