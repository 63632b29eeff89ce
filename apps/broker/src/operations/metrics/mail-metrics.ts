/** Indicators of use of MSSanté mail received: how much bears the INS, how much is structured. No identity in a label. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Handled } from '../../channels/mssante-inbox/handled.ts';

const WHATS: readonly Handled['what'][] = ['answer', 'held', 'receipt', 'nothing', 'forged', 'left'];

export class MailMetrics {
  readonly #mails: Counter<'what'>;
  readonly #documents: Counter<'ins' | 'level'>;
  readonly #open: Gauge<'mailbox'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#mails = new Counter({
      name: 'relais_mssante_mails_received_total',
      help: 'Mails read, by what became of them',
      labelNames: ['what'],
      registers,
    });
    this.#documents = new Counter({
      name: 'relais_mssante_documents_received_total',
      help: 'Mails that are no report, by whether they bear an INS and by their document: N1, N3 or none',
      labelNames: ['ins', 'level'],
      registers,
    });
    this.#open = new Gauge({
      name: 'relais_mssante_mailbox_open',
      help: '1 while the mailbox of that service is open',
      labelNames: ['mailbox'],
      registers,
    });
    for (const what of WHATS) this.#mails.inc({ what }, 0);
  }

  count({ what, documents }: Handled): void {
    this.#mails.inc({ what });
    if (documents !== undefined)
      this.#documents.inc({ ins: documents.ins ? 'yes' : 'no', level: documents.level });
  }

  opened(mailbox: string, isOpen: boolean): void {
    this.#open.set({ mailbox }, isOpen ? 1 : 0);
  }
}
