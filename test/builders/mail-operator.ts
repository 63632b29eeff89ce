/** An MSSanté operator on loopback and the transport in front of it, without a broker: what one mail meets on the way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BrokerError,
  ClinicalDocuments,
  MailSealingAgreement,
  MailServers,
  Parcel,
  Partner,
  Sent,
} from '#core';
import { createMailSealing, TrustStore } from '#protection';
import {
  type IgcTrust,
  MailNetwork,
  MailSealer,
  MssanteDiscovery,
  MssanteMail,
  type MssanteOptions,
} from '#transports';
import { MailAccounts, MailStore, startSubmission } from '../../apps/simulators/src/mssante/index.ts';
import { subjectOf } from './certificate-subject.ts';
import { aPki } from './rsa-keys.ts';

export const ADDRESS_A = 'dossiers@spsti-a.mssante.example';
export const ADDRESS_B = 'dossiers@spsti-b.mssante.example';
/** opens with the session of a person */
export const ADDRESS_PERSON = 'claire.fictif@medecin.mssante.example';

export interface MailPart {
  mediaType: string;
  content: string | Uint8Array;
  audience?: 'enc' | 'enc-h';
}

export interface MailTry {
  /** what the parts hold */
  parts: readonly MailPart[];
  to: string;
  from: string;
  byToken: boolean;
  operator: MailServers | undefined;
  attempt: number;
  senderName: string;
  readers: 'service' | 'health';
  exchange: Parcel['exchange'];
  /** what the recipient's agreement says of S/MIME */
  sealing: MailSealingAgreement;
  /** of the sender's mandate */
  signature: { certificate: string; key: string };
  change: Partial<MssanteOptions>;
}

export async function aMailOperator(folder: string) {
  const paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a', 'spsti-b'] });
  const text = (path: string) => readFileSync(path, 'utf8');
  const pair = (at: { crt: string; key: string }) => ({ cert: text(at.crt), key: text(at.key) });
  const store = new MailStore();
  for (const address of [ADDRESS_A, ADDRESS_B, ADDRESS_PERSON]) store.create(address);
  const mailbox = pair(paths.insi.mandate('spsti-b').mailbox);
  const accounts = new MailAccounts([
    { address: ADDRESS_B, certificateSubject: subjectOf(mailbox.cert) },
    { address: ADDRESS_PERSON, people: ['claire'] },
  ]);
  const authority = text(paths.insi.ca.crt);
  const submission = await startSubmission({
    tls: { ...pair(paths.insi.server('mssante')), ca: authority },
    store,
    accounts,
  });
  const clock = { now: () => new Date() };
  const storeOf = (production: boolean) =>
    TrustStore.of({ anchors: authority, crls: [text(paths.insi.ca.crl)], production });
  const igc = await storeOf(false);
  const sealing = createMailSealing({ threads: 1 });
  const trusting = async (production = false): Promise<IgcTrust> => {
    const trust = await storeOf(production);
    return { authorities: authority, fault: (certificate, at) => trust.fault(certificate, 'server', at) };
  };
  const trust = await trusting();
  const network = new MailNetwork({ loopback: true, connectTimeoutMs: 5_000 });
  const here: MailServers = {
    submission: { host: 'localhost', port: submission.port },
    imap: { host: 'localhost', port: 1 },
  };

  const send = (change: Partial<MailTry> = {}): Promise<Sent | 'placed'> => {
    const { parts = [{ mediaType: 'text/plain', content: 'Bonjour.' }], byToken = false } = change;
    const mandate = {
      address: change.from ?? (byToken ? ADDRESS_PERSON : ADDRESS_B),
      ...(byToken ? {} : { certificate: mailbox.cert, key: mailbox.key }),
      ...('operator' in change ? withOperator(change.operator) : { operator: here }),
      ...(change.signature === undefined ? {} : { signature: change.signature }),
      nil: 'NIL-ESSAI',
      from: '2020-01-01T00:00:00.000Z',
      to: '2099-01-01T00:00:00.000Z',
    };
    const sender = { id: 'spsti-b', name: change.senderName ?? 'SPSTI B', mandate: { mailbox: mandate } };
    const options: MssanteOptions = {
      network,
      trust,
      clock,
      discovery: new MssanteDiscovery({ network, trust, clock, timeoutMs: 5_000 }),
      documents: {} as ClinicalDocuments,
      tokens: { tokenFor: async () => undefined },
      sealer: new MailSealer({ sealing, clock, fault: (one, purpose, at) => igc.fault(one, purpose, at) }),
      directory: { partner: () => sender as unknown as Partner },
      contractOf: () => undefined,
      exchangeOf: async () => undefined,
      answered: async () => undefined,
      production: false,
      ...change.change,
    };
    const parcel = {
      delivery: { id: '0192f7a0-0000-7000-8000-00000000000d', createdAt: '2026-11-22T08:00:00.000Z' },
      message: { id: '0192f7a0-0000-7000-8000-00000000000a', flow: 'dmst-portability' },
      sender,
      recipient: {
        id: 'spsti-a',
        channels: {
          mssante: {
            address: change.to ?? ADDRESS_A,
            readers: change.readers ?? 'service',
            ...(change.sealing === undefined ? {} : { sealing: change.sealing }),
          },
        },
      },
      attempt: change.attempt ?? 1,
      parts: parts.map(({ audience = 'enc' }, n) => ({ n, audience })),
      openPart: ({ n }: { n: number }) => ({
        mediaType: parts[n]?.mediaType ?? '',
        content: Buffer.from(parts[n]?.content ?? ''),
      }),
      ...(change.exchange === undefined ? {} : { exchange: change.exchange }),
    } as unknown as Parcel;
    return new MssanteMail(options).send(parcel, AbortSignal.timeout(20_000));
  };

  return {
    paths,
    store,
    submission,
    network,
    trust,
    trusting,
    clock,
    here,
    send,
    /** the code that a try ends with */
    refusal: async (change: Partial<MailTry> = {}): Promise<BrokerError> => {
      const outcome = await send(change).catch((error: BrokerError) => error);
      if (outcome instanceof Error) return outcome;
      throw new Error(`sent: ${JSON.stringify(outcome)}`);
    },
    close: async () => {
      await submission.close();
      await sealing.close();
    },
  };
}

function withOperator(operator: MailServers | undefined): { operator?: MailServers } {
  return operator === undefined ? {} : { operator };
}
