/**
 * An MSSanté operator on loopback: the mailboxes by which Relais writes for both services, that of service A's own
 * software, that of service B's doctors, and that of the medical adviser.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import {
  fetchFromStore,
  MailAccounts,
  MailStore,
  type ServiceByMail,
  type SubmissionSimulator,
  startImap,
  startServiceByMail,
  startSubmission,
  submitBySmtp,
} from '../../../../simulators/src/mssante/index.ts';
import type { Spsti } from '../../../../simulators/src/spsti/index.ts';
import type { DemoHome } from '../demo-home.ts';
import { dossierOfServiceA } from '../dossier-of-service-a.ts';
import { answerByInterface } from './answer-by-interface.ts';
import type { DemoAgreement, DemoChannel } from './channel.ts';

export const MAILBOXES = {
  /** Relais writes from these and reads them */
  relaisOfA: 'relais@spsti-a.mssante.fr',
  relaisOfB: 'dmst@spsti-b.mssante.fr',
  /** service A's own software reads this one */
  serviceA: 'dossiers@spsti-a.mssante.fr',
  /** and the health professionals of service B this one */
  doctorsOfB: 'medecins@spsti-b.mssante.fr',
  adviser: 'medecin-conseil@cnam-medical.mssante.fr',
} as const;

const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

export interface MssanteHandles {
  mail: {
    store: MailStore;
    submission: SubmissionSimulator;
    serviceA: ServiceByMail;
    doctorsOfB: ServiceByMail;
    adviser: ServiceByMail;
  };
}

export async function startMssanteChannel(
  demo: DemoHome,
  softwareOfA: Pick<Spsti, 'client'>,
): Promise<{ channel: DemoChannel; handles: MssanteHandles }> {
  const { paths } = demo;
  const text = (path: string) => readFileSync(path, 'utf8');
  const store = new MailStore();
  for (const address of Object.values(MAILBOXES)) store.create(address);
  const [a, b] = ['spsti-a', 'spsti-b'].map((id) => paths.insi.mandate(id).mailbox);
  if (a === undefined || b === undefined) throw new Error('no certificate of a mailbox');
  const subjectOf = (path: string) => new X509Certificate(text(path)).subject;
  const accounts = new MailAccounts([
    { address: MAILBOXES.relaisOfA, certificateSubject: subjectOf(a.crt) },
    { address: MAILBOXES.serviceA, certificateSubject: subjectOf(a.crt) },
    { address: MAILBOXES.relaisOfB, certificateSubject: subjectOf(b.crt) },
    { address: MAILBOXES.doctorsOfB, certificateSubject: subjectOf(b.crt) },
  ]);
  const server = paths.insi.server('mssante');
  const ca = text(paths.insi.ca.crt);
  const tls = { cert: text(server.crt), key: text(server.key), ca };
  const submission = await startSubmission({ tls, store, accounts });
  const imap = await startImap({ tls, store, accounts });
  const software = (address: string, { crt, key }: { crt: string; key: string }) => ({
    address,
    fetch: fetchFromStore(store.create(address)),
    submit: submitBySmtp({
      host: 'localhost',
      port: submission.port,
      address,
      tls: { ca, cert: text(crt), key: text(key) },
    }),
    dossiers: {},
  });
  const serviceA = startServiceByMail({
    ...software(MAILBOXES.serviceA, a),
    answer: answerByInterface(softwareOfA, 'spsti-b', [dossierOfServiceA()]),
  });
  const doctorsOfB = startServiceByMail({ ...software(MAILBOXES.doctorsOfB, b), silent: true });
  const adviser = startServiceByMail({
    address: MAILBOXES.adviser,
    fetch: fetchFromStore(store.create(MAILBOXES.adviser)),
    // its operator is not ours: what it sends just arrives
    submit: async (to, raw) => {
      store.mailbox(to)?.append(raw);
    },
    dossiers: {},
    silent: true,
  });
  return {
    channel: {
      agreements: mssanteAgreements(demo, { submission: submission.port, imap: imap.port }),
      settings: { RELAIS_MSSANTE_LOOPBACK: 'on' },
      close: async () => {
        await Promise.all([serviceA.close(), doctorsOfB.close(), adviser.close()]);
        await imap.close();
        await submission.close();
      },
    },
    handles: { mail: { store, submission, serviceA, doctorsOfB, adviser } },
  };
}

/** Who is written to by mail, and by which mailboxes Relais writes for whom. */
export function mssanteAgreements(
  { paths, home }: Pick<DemoHome, 'paths' | 'home'>,
  ports: { submission: number; imap: number },
): Record<string, DemoAgreement> {
  const at = (port: number) => ({ host: 'localhost', port });
  const mandate = (id: string, address: string) => {
    const { crt, key } = paths.insi.mandate(id).mailbox;
    const file = (path: string) => ({ file: relative(home, path) });
    return {
      mailbox: {
        address,
        certificate: file(crt),
        key: file(key),
        operator: { submission: at(ports.submission), imap: at(ports.imap) },
        nil: 'FICTIF-0001',
        ...DATES,
      },
    };
  };
  return {
    'spsti-a': {
      channels: { mssante: { address: MAILBOXES.serviceA } },
      mandate: mandate('spsti-a', MAILBOXES.relaisOfA),
    },
    'spsti-b': {
      channels: { mssante: { address: MAILBOXES.doctorsOfB, readers: 'health' } },
      mandate: mandate('spsti-b', MAILBOXES.relaisOfB),
    },
    'cnam-medical': { channels: { mssante: { address: MAILBOXES.adviser, readers: 'health' } } },
  };
}
