/** What partners and Relais meet by in RabbitMQ; permissions of partners are written on these names. */
import type { PartnerId } from '#core';

const USER = 'partner.';

export class Names {
  /** direct: one binding for each partner's queue */
  readonly partners: string;
  /** topic: partners publish what became of a delivery, under their own id; also the queue where Relais reads it */
  readonly receipts: string;
  /** what was no receipt of whoever sent it */
  readonly refused: string;

  constructor(private readonly prefix = 'relais') {
    this.partners = `${prefix}.partners`;
    this.receipts = `${prefix}.receipts`;
    this.refused = `${prefix}.receipts.refused`;
  }

  queue(partner: PartnerId): string {
    return `${this.prefix}.partner.${partner}`;
  }
}

/** User of RabbitMQ by which a partner connects. */
export function partnerUser(id: PartnerId): string {
  return `${USER}${id}`;
}

/** The partner that a user of RabbitMQ stands for. */
export function partnerOfUser(user: unknown): PartnerId | undefined {
  return typeof user === 'string' && user.startsWith(USER) ? user.slice(USER.length) : undefined;
}

/** Regular expressions of `rabbitmqctl set_permissions`: a partner reads its queue, writes receipts, and nothing else. */
export function partnerPermissions(
  id: PartnerId,
  names = new Names(),
): { configure: string; write: string; read: string } {
  const only = (name: string) => `^${name.replaceAll('.', '\\.')}$`;
  return { configure: '', write: only(names.receipts), read: only(names.queue(id)) };
}
