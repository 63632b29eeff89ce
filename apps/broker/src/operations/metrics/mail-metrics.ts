/** Indicators of use of MSSanté: how much of the mail bears an INS, how much a structured document. No identity in a label. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { MailFacts } from '#transports';
import type { Handled } from '../../channels/mssante-inbox/handled.ts';

const WHATS: readonly Handled['what'][] = ['answer', 'held', 'receipt', 'nothing', 'forged', 'left'];

export class MailMetrics {
  readonly #sent: Counter<'flow' | 'structured' | 'ins'>;
  readonly #received: Counter<'what'>;
  readonly #documents: Counter<'ins' | 'level'>;
  readonly #open: Gauge<'mailbox'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#sent = new Counter({
      name: 'relais_mssante_sent_total',
      help: 'Mails that an MSSanté operator took: with a structured document or not, X-MSS-INS at O or not',
      labelNames: ['flow', 'structured', 'ins'],
      registers,
    });
    this.#received = new Counter({
      name: 'relais_mssante_received_total',
      help: 'Mails read in the mailboxes of services, by what became of them',
      labelNames: ['what'],
      registers,
    });
    this.#documents = new Counter({
      name: 'relais_mssante_documents_received_total',
      help: 'Mails of partners that are no report: INS in the document at O or not, and N1, N3 or none',
      labelNames: ['ins', 'level'],
      registers,
    });
    this.#open = new Gauge({
      name: 'relais_mssante_mailbox_open',
      help: '1 while the mailbox of that service is open',
      labelNames: ['mailbox'],
      registers,
    });
    for (const what of WHATS) this.#received.inc({ what }, 0);
  }

  sent({ flow, structured, ins }: MailFacts): void {
    this.#sent.inc({ flow, structured: String(structured), ins: ins ? 'O' : 'N' });
  }

  received({ what, documents }: Handled): void {
    this.#received.inc({ what });
    if (documents !== undefined)
      this.#documents.inc({ ins: documents.ins ? 'O' : 'N', level: documents.level });
  }

  opened(mailbox: string, isOpen: boolean): void {
    this.#open.set({ mailbox }, isOpen ? 1 : 0);
  }
}
