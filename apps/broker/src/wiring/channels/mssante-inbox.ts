/** What comes back by MSSanté: one reader for every mailbox that services entrust to Relais. */
import type { ClinicalDocuments, Clock, Directory, MailSealing, MailTokens } from '#core';
import type { TrustStore } from '#protection';
import { type IgcTrust, ImapSession, igcTls, MailNetwork, MssanteDiscovery } from '#transports';
import { MailAnswers } from '../../channels/mssante-inbox/mail-answers.ts';
import { MailDesk } from '../../channels/mssante-inbox/mail-desk.ts';
import { MailJournal } from '../../channels/mssante-inbox/mail-journal.ts';
import { MssanteInbox } from '../../channels/mssante-inbox/mssante-inbox.ts';
import { Notices } from '../../channels/mssante-inbox/notices.ts';
import { Replies } from '../../channels/mssante-inbox/replies.ts';
import { SealedMail } from '../../channels/mssante-inbox/sealed-mail.ts';
import { Turnstile } from '../../channels/mssante-inbox/turnstile.ts';
import { Engine } from '../../engine/engine.ts';
import type { Log } from '../../engine/log.ts';
import { Take } from '../../intake/take.ts';
import { MailboxService } from '../../mailbox/mailbox.service.ts';
import { MailMetrics } from '../../operations/metrics/mail-metrics.ts';
import {
  CLINICAL_DOCUMENTS,
  CLOCK,
  DIRECTORY,
  IGC_TRUST,
  LOG,
  MAIL_SEALING,
  MAIL_TOKENS,
  MAIL_TRUST,
} from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const READER = Symbol('mssante-inbox');
/** Operators take 25 MB or less; a little more than what base64 makes of that. */
const MAIL_BYTES = 36 << 20;
/** mails in memory */
const READ_AT_ONCE = 4;
const ANSWERED_AT_ONCE = 8;
const CONNECT_MS = 15_000;
const SILENCE_MS = 60_000;

export const MSSANTE_INBOX: ChannelWiring = {
  providers: [
    {
      provide: READER,
      inject: [
        ...[
          CLOCK,
          LOG,
          DIRECTORY,
          MAIL_TOKENS,
          CLINICAL_DOCUMENTS,
          Engine,
          Take,
          MailboxService,
          MailMetrics,
        ],
        ...[MailNetwork, MAIL_SEALING, IGC_TRUST, MAIL_TRUST, MssanteDiscovery],
      ],
      useFactory: readerOf,
    },
  ],
  transports: [],
  readers: [READER],
};

function readerOf(
  clock: Clock,
  log: Log,
  directory: Directory,
  tokens: MailTokens,
  documents: ClinicalDocuments,
  { stages }: Engine,
  take: Take,
  mailbox: MailboxService,
  metrics: MailMetrics,
  network: MailNetwork,
  sealing: MailSealing,
  store?: TrustStore,
  trust?: IgcTrust,
  discovery?: MssanteDiscovery,
): MssanteInbox | undefined {
  // without the authorities of the trust space no operator can be believed
  if (trust === undefined || discovery === undefined) return undefined;
  return new MssanteInbox(directory, {
    open: async ({ mandate }, token, signal) => {
      const { imap } = await discovery.servers(mandate, signal);
      const { certificate, key } = mandate;
      const pair = certificate === undefined || key === undefined ? {} : { certificate, key };
      return ImapSession.open({
        server: { host: await network.addressOf(imap.host), port: imap.port },
        address: mandate.address,
        ...(token === undefined ? {} : { token }),
        tls: igcTls({ trust, clock, host: imap.host, ...pair }),
        mailBytes: MAIL_BYTES,
        connectMs: CONNECT_MS,
        silenceMs: SILENCE_MS,
      });
    },
    tokens,
    clock,
    desk: new MailDesk(
      directory,
      new Notices({ records: stages.records, directory, mailbox }),
      new Replies({ stages, take, documents }),
      new SealedMail({
        sealing,
        clock,
        fault: (signer, at) => (store === undefined ? 'foreign' : store.fault(signer, 'seal', at)),
      }),
    ),
    answers: new MailAnswers({ submission: { network, trust, clock }, discovery, tokens, clock }),
    journal: new MailJournal(stages),
    metrics,
    reading: new Turnstile(READ_AT_ONCE),
    answering: new Turnstile(ANSWERED_AT_ONCE),
    log,
    mailBytes: MAIL_BYTES,
  });
}
