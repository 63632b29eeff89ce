/** The DMP's transport with its real parts against the DMP on its wire, each part open to tampering. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClinicalDocuments, DmpChannel, Parcel, Partner, Sent, XmlSignatures } from '#core';
import type { CdaDocument } from '#core/cda-document';
import { createClinicalDocuments } from '#documents';
import { createXmlSignatures, TrustStore } from '#protection';
import { MandateAgents, XdsB } from '#transports';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import type { PairPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { type Dmp, startDmp } from '../../apps/simulators/src/dmp/index.ts';
import { CDA_WHOLE } from '../../libs/documents/fixtures/cda.ts';
import { aPki } from './rsa-keys.ts';

/** says of itself what PDF/A-1b says */
const PDF = Buffer.from(
  '%PDF-1.4 <pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance> fictif',
);
const LIFE = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };
const { replaces: _, ...FIRST_VERSION } = CDA_WHOLE;

export interface Tampering {
  documents?: Partial<Pick<ClinicalDocuments, 'readCda' | 'submission'>>;
  signatures?: (real: XmlSignatures) => Pick<XmlSignatures, 'sign'>;
  channel?: Partial<DmpChannel>;
  dmp?: Partial<NonNullable<NonNullable<Partner['mandate']>['dmp']>>;
  seal?: Partial<NonNullable<NonNullable<Partner['mandate']>['seal']>>;
  cda?: Partial<CdaDocument>;
  attempt?: number;
  deliveryId?: string;
  /** ms after which the try is given up */
  patience?: number;
  now?: Date;
  /** by the sender too, before anything leaves: otherwise the DMP alone judges */
  judged?: boolean;
}

export interface DmpWire {
  dmp: Dmp;
  documents: ClinicalDocuments;
  paths: Awaited<ReturnType<typeof aPki>>;
  deposit(tampering?: Tampering): Promise<Sent>;
  /** authorities of the health network, PEM */
  ca: string;
  /** PEM of a pair of the PKI */
  pair(paths: PairPaths): { certificate: string; key: string };
  close(): Promise<void>;
}

export async function aDmpWire(): Promise<DmpWire> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-dmp-'));
  const paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a', 'spsti-b', 'dmp'] });
  const read = (path: string) => readFileSync(path, 'utf8');
  const pair = ({ crt, key }: PairPaths) => ({ certificate: read(crt), key: read(key) });
  const ca = read(paths.insi.ca.crt);
  const server = pair(paths.insi.server('dmp'));
  const dmp = await startDmp({
    tls: { cert: server.certificate, key: server.key, ca },
    folder: join(folder, 'dmp'),
    homologations: ['DMP-FICTIF-0001'],
  });
  const trust = await TrustStore.of({ anchors: ca, crls: [read(paths.insi.ca.crl)], production: false });
  const signatures = createXmlSignatures({ threads: 1 });
  const documents = createClinicalDocuments({ inspect: async () => [] });
  const agents = new MandateAgents({
    ca,
    fault: (certificate, purpose) => trust.fault(certificate, purpose, new Date()),
    connectTimeoutMs: 5_000,
  });

  async function deposit(tampering: Tampering = {}): Promise<Sent> {
    const transport = new XdsB({
      clock: { now: () => tampering.now ?? new Date() },
      documents: { ...documents, ...tampering.documents },
      signatures: tampering.signatures?.(signatures) ?? signatures,
      agents,
      fault:
        tampering.judged === true ? (one, purpose) => trust.fault(one, purpose, new Date()) : () => undefined,
      software: { name: 'relais', version: 'essai' },
      sourceId: '2.25.77',
    });
    const { patience } = tampering;
    const signal = patience === undefined ? new AbortController().signal : AbortSignal.timeout(patience);
    return transport.send(parcelOf(tampering), signal);
  }

  function parcelOf({
    channel,
    dmp: ofDmp,
    seal,
    cda,
    attempt = 1,
    deliveryId = randomUUID(),
  }: Tampering): Parcel {
    const mandate = paths.insi.mandate('spsti-a');
    const content = contentTools.cda(
      { ...FIRST_VERSION, id: randomUUID(), setId: randomUUID(), ...cda },
      PDF,
    );
    const sender = {
      id: 'spsti-a',
      mandate: {
        dmp: {
          ...pair(mandate.dmp),
          structureId: '1990000017',
          responsible: 'Responsable fictif',
          homologation: 'DMP-FICTIF-0001',
          ...LIFE,
          ...ofDmp,
        },
        seal: { ...pair(mandate.seal), scope: ['dmp'], ...LIFE, ...seal },
      },
    };
    const existence = { endpoint: dmp.existenceEndpoint, form: 'relais-1' };
    const recipient = {
      id: 'dmp',
      channels: {
        'xds-b': { endpoint: dmp.endpoint, vihfVersion: '4.0', sector: 'SA13', existence, ...channel },
      },
    };
    return {
      delivery: { id: deliveryId, createdAt: '2026-05-12T10:05:00.000Z' },
      sender,
      recipient,
      attempt,
      parts: [{}],
      openPart: () => ({ mediaType: 'application/xml', content }),
    } as unknown as Parcel;
  }

  return {
    dmp,
    documents,
    paths,
    deposit,
    pair,
    ca,
    close: async () => {
      await agents.close();
      await signatures.close();
      await dmp.close();
      rmSync(folder, { recursive: true });
    },
  };
}
