/** One entry a mail: who wrote, when, what was done with it and what was answered. Never its words nor its subject. */
import { createHash } from 'node:crypto';
import { type Clock, type Ids, recordEntry, type UnitOfWork, write } from '#core';
import type { Box } from './box.ts';
import type { Handled } from './handled.ts';
import type { Told } from './mail-answers.ts';

export interface MailJournalPorts {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
}

export class MailJournal {
  constructor(private readonly ports: MailJournalPorts) {}

  async write(
    { partner }: Box,
    bytes: number,
    id: string | undefined,
    handled: Handled,
    told: Told,
  ): Promise<void> {
    const { clock, ids, unitOfWork } = this.ports;
    const { what, code, sender = 'unknown', messageId, deliveryId, answer } = handled;
    const entry = recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: 'mail.read',
      actor: sender,
      ...(messageId === undefined ? {} : { messageId }),
      ...(deliveryId === undefined ? {} : { deliveryId }),
      details: {
        mailbox: partner.id,
        what,
        bytes,
        told,
        ...(id === undefined ? {} : { mail: createHash('sha256').update(id).digest('hex') }),
        ...(code === undefined ? {} : { code }),
        ...(typeof answer === 'number' ? { error: answer } : {}),
      },
    });
    await unitOfWork.commit([write('journal.entry', { entry })]);
  }
}
