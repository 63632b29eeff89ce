/**
 * Messages that Relais itself starts: the answer that a recipient gave at once (INSi), a reminder, an access event.
 * Stored, journalled and prepared like any other.
 */

import { eventType } from './contract.ts';
import { digestOf } from './digest.ts';
import { BrokerError } from './errors.ts';
import { recordEntry } from './journal.ts';
import { prepareJob } from './lanes.ts';
import type { Message } from './message.ts';
import type { PartnerId } from './partner.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** `from` is the partner that speaks, or `relais`. `senderId` makes it unique: composing it twice is a conflict. */
export interface OwnMessage {
  flow: string;
  object: string;
  from: PartnerId;
  to: PartnerId;
  senderId: string;
  correlationId: string;
  json: unknown;
  /** of what it answers */
  traceparent?: string | undefined;
}

export class OwnMessages {
  constructor(private readonly stages: Stages) {}

  compose(own: OwnMessage): Write[] {
    return this.composed(own).writes;
  }

  composed(own: OwnMessage): { message: Message; writes: Write[] } {
    const { flow, object, from, to, senderId, correlationId, json, traceparent } = own;
    const { clock, flows, ids, settings, signer, vault } = this.stages;
    const inForce = flows.of(flow);
    const contract = inForce?.flow.contract.objects[object];
    if (inForce === undefined || contract === undefined) throw new BrokerError('internal');
    const now = clock.now().toISOString();
    const id = ids.next();
    const bytes = Buffer.from(JSON.stringify(json));
    const digest = digestOf(bytes);
    const entry = recordEntry({
      id: ids.next(),
      at: now,
      kind: 'message.accepted',
      actor: from,
      messageId: id,
      flow,
      details: {
        type: eventType(flow, object, contract.major),
        recipients: to,
        digest,
        size: bytes.byteLength,
        contract: inForce.hash,
      },
    });
    const claims = {
      id,
      senderId,
      flow,
      status: 'accepted',
      receivedAt: now,
      digest,
      journal: { entry: entry.id, hash: entry.hash },
    };
    const message: Message = {
      id,
      sender: from,
      senderId,
      type: eventType(flow, object, contract.major),
      flow,
      object,
      recipients: [to],
      datacontenttype: 'application/json',
      correlationId,
      ...(traceparent === undefined ? {} : { traceparent }),
      digest,
      size: bytes.byteLength,
      status: 'accepted',
      receivedAt: now,
      priority: contract.priority,
      contractHash: inForce.hash,
      receipt: signer.sign(claims, 'relais-receipt+jwt'),
    };
    const sealed = vault.seal(bytes, id);
    const keptUntil = new Date(clock.now().getTime() + settings.keyMemoryDays * 86_400_000).toISOString();
    const writes = [
      write('message.insert', { message, atRest: sealed.atRest, keptUntil }),
      ...sealed.chunks.map((chunk, n) => write('payload.chunk', { messageId: id, n, bytes: chunk, at: now })),
      write('journal.entry', { entry }),
      write('job.insert', { job: prepareJob(message, ids.next(), new Date(now)) }),
    ];
    return { message, writes };
  }
}
