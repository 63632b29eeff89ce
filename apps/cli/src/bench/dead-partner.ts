/** A partner that refuses every connection, and what waits for it: tried before, each due again at its own time. */
import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { type Delivery, type Job, type Message, type Write, write } from '#core';
import { openStore } from '#storage';
import type { DemoPartner } from '../pki/demo-partners.ts';
import { COMPANY_FILE } from './company-file.ts';
import type { Course } from './course.ts';

export const DEAD_PARTNER: DemoPartner & { endpoint: string } = {
  id: 'internal-b',
  name: 'Poste éteint (fictif)',
  structureId: '1990000017',
  readers: ['enc'],
  // nobody listens on the port of discarded bytes
  endpoint: 'https://localhost:9/eteint',
};

const IN_ONE_LIST = 200;
const DAY_MS = 86_400_000;
/** the longest wait between two tries, by default: where a long dead partner's tries are spread */
const SPREAD_MS = 3_600_000;

/** As a broker left them when it was stopped: message, sealed part, delivery, job. */
export async function fillDeadPartner({ demo }: Course, count: number, bytes: number): Promise<void> {
  const store = await openStore({ file: `${demo.home}/relais.sqlite` });
  for (let done = 0; done < count; done += IN_ONE_LIST) {
    const some = Math.min(IN_ONE_LIST, count - done);
    await store.unitOfWork.commit(
      Array.from({ length: some }, (_, i) => waiting(bytes, (done + i) / count)).flat(),
    );
  }
  await store.close();
}

function waiting(bytes: number, place: number): Write[] {
  const now = Date.now();
  const at = new Date(now).toISOString();
  const keptUntil = new Date(now + 3 * DAY_MS).toISOString();
  const { flow, type, sender } = COMPANY_FILE;
  const jwe = randomBytes(bytes);
  const digest = `sha-256:${createHash('sha256').update(jwe).digest('hex')}`;
  const shared = { flow, type, priority: 'interactive' } as const;
  const message: Message = {
    ...shared,
    id: v7(),
    sender,
    senderId: v7(),
    object: 'company-file',
    recipients: [DEAD_PARTNER.id],
    datacontenttype: 'application/json',
    digest,
    size: bytes,
    status: 'delivering',
    receivedAt: at,
    contractHash: '0'.repeat(64),
    receipt: '',
  };
  const delivery: Delivery = {
    ...shared,
    id: v7(),
    messageId: message.id,
    recipient: DEAD_PARTNER.id,
    transport: 'https',
    state: 'retrying',
    attempts: 5,
    createdAt: at,
    nextTryAt: new Date(now + place * SPREAD_MS).toISOString(),
    expiresAt: keptUntil,
    lastError: 'transport.unreachable',
    partCount: 1,
  };
  const job: Job = {
    id: v7(),
    stage: 'deliver',
    lane: DEAD_PARTNER.id,
    rank: 0,
    messageId: message.id,
    deliveryId: delivery.id,
    runAt: delivery.nextTryAt ?? at,
    attempts: 5,
  };
  const part = { n: 1, audience: 'enc', kid: '', size: bytes, digest, jwe } as const;
  const atRest = { wrappedKey: randomBytes(60), kekId: '0'.repeat(16) };
  return [
    write('message.insert', { message, atRest, keptUntil }),
    write('payload.chunk', { messageId: message.id, n: 0, bytes: randomBytes(bytes), at }),
    write('delivery.insert', { delivery, keptUntil }),
    write('delivery.part', { deliveryId: delivery.id, part }),
    write('job.insert', { job }),
  ];
}
