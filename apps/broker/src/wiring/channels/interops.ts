/** INTEROPS: the calling transport, the called service, its traces, and the answers that are fetched. */
import { existsSync, readFileSync } from 'node:fs';
import {
  type Clock,
  type Directory,
  type FlowTable,
  findingsOf,
  parseEventType,
  type XmlCipher,
  type XmlSignatures,
} from '#core';
import { EncryptionKeys, type TrustStore } from '#protection';
import type { Store } from '#storage';
import { InteropsSoap, type VectorPorts } from '#transports';
import type { Configuration } from '../../config/environment.ts';
import type { Log } from '../../engine/log.ts';
import { uuidv7 } from '../../engine/stage-ports.ts';
import { Take } from '../../intake/take.ts';
import { InteropsInbound } from '../../interops/inbound.ts';
import { InteropsPoll } from '../../interops/poll-reader.ts';
import { InteropsPortal } from '../../interops/portal.ts';
import { InteropsSweep } from '../../interops/sweep-reader.ts';
import { InteropsTraces } from '../../interops/traces.ts';
import { vectorPorts } from '../../interops/vector-ports.ts';
import { MailboxService } from '../../mailbox/mailbox.service.ts';
import { MessagesService } from '../../messages/messages.service.ts';
import { PublicOrigin } from '../../persons/public-origin.ts';
import { Sessions } from '../../persons/sessions.ts';
import {
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IGC_TRUST,
  LOG,
  STORE,
  XML_CIPHER,
  XML_SIGNATURES,
} from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const VECTORS = Symbol('interops-vectors');

export const INTEROPS: ChannelWiring = {
  providers: [
    {
      provide: VECTORS,
      // the trust of IGC Santé is absent where its authorities are not installed
      inject: [XML_SIGNATURES, DIRECTORY, IGC_TRUST],
      useFactory: (signatures: XmlSignatures, directory: Directory, trust?: TrustStore) =>
        vectorPorts(signatures, trust, directory),
    },
    {
      provide: InteropsTraces,
      inject: [STORE, CLOCK],
      useFactory: ({ records, unitOfWork }: Store, clock: Clock) =>
        new InteropsTraces(unitOfWork, records, clock, uuidv7),
    },
    {
      provide: InteropsSoap,
      inject: [CONFIGURATION, CLOCK, FLOWS, VECTORS, XML_CIPHER, InteropsTraces],
      useFactory: (
        { igc, tls }: Configuration,
        clock: Clock,
        flows: FlowTable,
        vectors: VectorPorts,
        cipher: XmlCipher,
        traces: InteropsTraces,
      ) =>
        new InteropsSoap({
          ...vectors,
          tls: {
            cert: readFileSync(tls.clientCertificate, 'utf8'),
            key: readFileSync(tls.clientKey, 'utf8'),
            // a partner's service may show a certificate of the network, or of the health authority
            ca: [tls.authorities, igc.authorities]
              .filter((file) => existsSync(file))
              .map((file) => readFileSync(file, 'utf8'))
              .join('\n'),
          },
          connectTimeoutMs: 5_000,
          clock,
          cipher,
          made: (made) => traces.made(made),
          conforms: (type, object, json) => conforms(flows, type, object, json, clock),
        }),
    },
    {
      provide: InteropsInbound,
      inject: [
        VECTORS,
        InteropsTraces,
        Take,
        MailboxService,
        MessagesService,
        STORE,
        XML_CIPHER,
        EncryptionKeys,
        CLOCK,
      ],
      useFactory: (
        vectors: VectorPorts,
        traces: InteropsTraces,
        take: Take,
        mailbox: MailboxService,
        messages: MessagesService,
        { records }: Store,
        cipher: XmlCipher,
        encryption: EncryptionKeys,
        clock: Clock,
      ) =>
        new InteropsInbound({
          vectors,
          traces,
          take,
          mailbox,
          messages,
          records,
          cipher,
          keys: () => encryption.privateKeys(),
          now: () => clock.now(),
        }),
    },
    {
      provide: InteropsPortal,
      inject: [VECTORS, InteropsTraces, Sessions, PublicOrigin, CLOCK],
      useFactory: (
        vectors: VectorPorts,
        traces: InteropsTraces,
        sessions: Sessions,
        origin: PublicOrigin,
        clock: Clock,
      ) => new InteropsPortal({ vectors, traces, sessions, origin: origin.get, now: () => clock.now() }),
    },
    {
      provide: InteropsPoll,
      inject: [InteropsSoap, DIRECTORY, STORE, Take, CLOCK, LOG],
      useFactory: (
        transport: InteropsSoap,
        directory: Directory,
        { records }: Store,
        take: Take,
        clock: Clock,
        log: Log,
      ) => new InteropsPoll({ transport, directory, records, take, now: () => clock.now(), log }),
    },
    {
      provide: InteropsSweep,
      inject: [InteropsTraces],
      useFactory: (traces: InteropsTraces) => new InteropsSweep(traces),
    },
  ],
  transports: [InteropsSoap],
  readers: [InteropsPoll, InteropsSweep],
};

/** Whether an answer given at once is what its contract says: a message of its own would be refused otherwise. */
function conforms(flows: FlowTable, type: string, object: string, json: unknown, clock: Clock): boolean {
  const flow = parseEventType(type)?.flow ?? '';
  const inForce = flows.of(flow, type);
  const contract = inForce?.flow.contract.objects[object];
  if (inForce === undefined || contract?.answers !== true) return false;
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  const context = { now: clock.now().toISOString(), recipients: [] };
  return findingsOf(content, { inForce, flow, object, contract }, context).length === 0;
}
