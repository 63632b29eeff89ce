/** Indicators of use of MSSanté: how much of the mail bears a qualified identity, how much a structured document. */
import { Counter, type Registry } from 'prom-client';
import type { MailFacts } from '#transports';

export class MailMetrics {
  readonly #sent: Counter<'flow' | 'structured' | 'ins'>;

  constructor(registry: Registry) {
    this.#sent = new Counter({
      name: 'relais_mssante_sent_total',
      help: 'Mails that an MSSanté operator took: with a structured document or not, X-MSS-INS at O or not',
      labelNames: ['flow', 'structured', 'ins'],
      registers: [registry],
    });
  }

  sent({ flow, structured, ins }: MailFacts): void {
    this.#sent.inc({ flow, structured: String(structured), ins: ins ? 'O' : 'N' });
  }
}
