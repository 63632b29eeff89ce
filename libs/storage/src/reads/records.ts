import {
  type DataSource,
  type FindOptionsWhere,
  In,
  LessThan,
  LessThanOrEqual,
  MoreThan,
  Not,
} from 'typeorm';
import type {
  Delegation,
  Delivery,
  DmstRequest,
  DueJob,
  Exchange,
  HeldIdentity,
  Message,
  Records,
  SealedPart,
} from '#core';
import { ENDED } from '#core';
import { DelegationRow } from '../entities/delegation-row.ts';
import { DeliveryPartRow } from '../entities/delivery-part-row.ts';
import { DeliveryRow } from '../entities/delivery-row.ts';
import { DmstRequestRow } from '../entities/dmst-request-row.ts';
import { ExchangeRow } from '../entities/exchange-row.ts';
import { FlowMemoryRow } from '../entities/flow-memory-row.ts';
import { HeldIdentityRow } from '../entities/held-identity-row.ts';
import { JobRow } from '../entities/job-row.ts';
import { MessageRow } from '../entities/message-row.ts';
import { PayloadChunkRow } from '../entities/payload-chunk-row.ts';
import { ReportPieceRow } from '../entities/report-piece-row.ts';
import { present } from '../entities/row.ts';
import { isFirst } from '../statements/claims.ts';
import { findBy } from './find-by.ts';

/** as in the index */
const DUE = 'coalesce(job.lease_until, job.run_at)';

/** What the stages read. */
export function recordsOf(source: DataSource): Records {
  const messages = source.getRepository(MessageRow);
  const chunks = source.getRepository(PayloadChunkRow);
  const reports = source.getRepository(ReportPieceRow);
  const deliveries = source.getRepository(DeliveryRow);
  const parts = source.getRepository(DeliveryPartRow);
  const exchanges = source.getRepository(ExchangeRow);
  const dmstRequests = source.getRepository(DmstRequestRow);
  const heldIdentities = source.getRepository(HeldIdentityRow);
  const memories = source.getRepository(FlowMemoryRow);
  const delegations = source.getRepository(DelegationRow);
  // every message passes by these
  const messageById = findBy(source, MessageRow, ['id']);
  const messageBySender = findBy(source, MessageRow, ['sender', 'senderId']);
  const deliveryById = findBy(source, DeliveryRow, ['id']);
  const partsOf = findBy(source, DeliveryPartRow, ['deliveryId'], 'n');
  const exchangeById = findBy(source, ExchangeRow, ['id']);

  return {
    async message(id) {
      const [row] = await messageById({ id });
      return row && present<Message>(row);
    },

    async messageOf(sender, senderId) {
      const [row] = await messageBySender({ sender, senderId });
      return row && present<Message>(row);
    },

    async payload(messageId) {
      const row = await messages.findOne({
        select: { id: true, wrappedKey: true, kekId: true },
        where: { id: messageId },
      });
      if (row === null) return undefined;
      const found = await chunks.find({ where: { messageId }, order: { n: 'ASC' } });
      return {
        atRest: { wrappedKey: row.wrappedKey, kekId: row.kekId },
        chunks: found.map(({ bytes }) => bytes),
      };
    },

    async payloadSize(messageId) {
      const row = await messages.findOne({
        select: { id: true, wrappedKey: true, kekId: true },
        where: { id: messageId },
      });
      const [sum] = await source.sql<{ chunks: number; bytes: number | null }[]>`
        SELECT count(*) AS chunks, sum(length(bytes)) AS bytes FROM payload_chunk WHERE message_id = ${messageId}`;
      if (row === null || sum === undefined) return undefined;
      const { wrappedKey, kekId } = row;
      return { atRest: { wrappedKey, kekId }, chunks: Number(sum.chunks), bytes: Number(sum.bytes) };
    },

    async payloadChunk(messageId, n) {
      const row = await chunks.findOneBy({ messageId, n });
      return row?.bytes;
    },

    async reportPiece(messageId, n) {
      const row = await reports.findOneBy({ messageId, n });
      return row?.text;
    },

    async delivery(id) {
      const [row] = await deliveryById({ id });
      return row && present<Delivery>(row);
    },

    async deliveries(messageId) {
      const rows = await deliveries.find({ where: { messageId }, order: { id: 'ASC' } });
      return rows.map(present<Delivery>);
    },

    async parts(deliveryId) {
      const rows = await partsOf({ deliveryId });
      return rows.map(({ deliveryId: _, ...part }): SealedPart => part);
    },

    async part(deliveryId, n) {
      const row = await parts.findOneBy({ deliveryId, n });
      if (row === null) return undefined;
      const { deliveryId: _, ...part } = row;
      return part;
    },

    async partFacts(deliveryId) {
      const rows = await parts.find({
        select: { n: true, audience: true, kid: true, size: true, digest: true },
        where: { deliveryId },
        order: { n: 'ASC' },
      });
      return rows.map(({ n, audience, kid, size, digest }) => ({ n, audience, kid, size, digest }));
    },

    async exchange(id) {
      const [row] = await exchangeById({ id });
      return row && present<Exchange>(row);
    },

    async exchanges({ party, limit, afterId, ...exact }) {
      const where: FindOptionsWhere<ExchangeRow> = {
        ...exact,
        // late, and still awaited
        ...(exact.overdue === true ? { state: Not(In([...ENDED])) } : {}),
        ...(afterId === undefined ? {} : { id: MoreThan(afterId) }),
      };
      const rows = await exchanges.find({
        where:
          party === undefined
            ? where
            : [
                { ...where, requester: party },
                { ...where, responder: party },
              ],
        order: { id: 'ASC' },
        ...(limit === undefined ? {} : { take: limit }),
      });
      return rows.map(present<Exchange>);
    },

    async dmstRequest(id) {
      const row = await dmstRequests.findOneBy({ id });
      return row === null ? undefined : asDmstRequest(row);
    },

    async dmstRequests({ partner, authors, newestFirst = false, limit, afterId }) {
      const rows = await dmstRequests.find({
        where: {
          partner,
          ...(authors === undefined ? {} : { author: In([...authors]) }),
          ...(afterId === undefined ? {} : { id: newestFirst ? LessThan(afterId) : MoreThan(afterId) }),
        },
        order: { id: newestFirst ? 'DESC' : 'ASC' },
        take: limit,
      });
      return rows.map(asDmstRequest);
    },

    async pooled(flow, object) {
      const rows = await messages
        .createQueryBuilder('m')
        .where('m.flow = :flow AND m.object = :object', { flow, object })
        // word for word the condition of the index
        .andWhere(`m.status IN ('accepted', 'preparing', 'held')`)
        .orderBy('m.id')
        .getMany();
      return rows.map(present<Message>);
    },

    async remembered(flow, partner, key) {
      const row = await memories.findOneBy({ flow, partner, key });
      return row?.value;
    },

    async rememberedBetween({ flow, partner, from, to, limit }) {
      const rows = await memories
        .createQueryBuilder('memory')
        .where('memory.flow = :flow AND memory.partner = :partner', { flow, partner })
        .andWhere('memory.key >= :from AND memory.key < :to', { from, to })
        .orderBy('memory.key')
        .take(limit)
        .getMany();
      return rows.map(({ value }) => value);
    },

    async held(id) {
      const row = await heldIdentities.findOneBy({ id });
      return row === null ? undefined : asHeldIdentity(row);
    },

    async heldOf(partner) {
      // a message that was cancelled or expired awaits nobody
      const rows = await heldIdentities
        .createQueryBuilder('h')
        .where(`h.decision IS NULL`)
        .andWhere(`EXISTS (SELECT 1 FROM message AS m WHERE m.id = h.messageId AND m.status = 'held')`)
        .andWhere(partner === undefined ? '1 = 1' : 'h.partner = :partner', { partner })
        .orderBy('h.heldAt')
        .addOrderBy('h.id')
        .getMany();
      return rows.map(asHeldIdentity);
    },

    async ownCopies({ recipient, subject, flow, limit, afterId }) {
      const rows = await deliveries
        .createQueryBuilder('d')
        // word for word the condition of the index
        .where('d.subject IS NOT NULL')
        .andWhere('d.recipient = :recipient AND d.subject = :subject AND d.flow = :flow', {
          recipient,
          subject,
          flow,
        })
        .andWhere(afterId === undefined ? '1 = 1' : 'd.id < :afterId', { afterId })
        .orderBy('d.id', 'DESC')
        .take(limit)
        .getMany();
      return rows.map(present<Delivery>);
    },

    async sentUnder({ sender, prefix, limit }) {
      const rows = await messages
        .createQueryBuilder('m')
        .where('m.sender = :sender AND m.senderId > :prefix AND m.senderId < :beyond', {
          sender,
          prefix,
          // after every text that goes on from the prefix in letters, figures and hyphens
          beyond: `${prefix}~`,
        })
        .orderBy('m.id', 'DESC')
        .take(limit)
        .getMany();
      return rows.map(present<Message>);
    },

    async delegationsTo(delegate, at) {
      const rows = await delegations.find({
        where: { delegate, from: LessThanOrEqual(at), to: MoreThan(at) },
        order: { id: 'ASC' },
      });
      return rows.map(present<Delegation>);
    },

    async delegationsOf(partner) {
      const rows = await delegations.find({ where: { partner }, order: { id: 'DESC' } });
      return rows.map(present<Delegation>);
    },

    // from one lane to the next in the index: as many steps as lanes, however many jobs
    async lanes() {
      const rows = await source.sql<{ lane: string }[]>`WITH RECURSIVE found (lane) AS (
          SELECT min(lane) FROM job
          UNION ALL
          SELECT (SELECT min(lane) FROM job WHERE job.lane > found.lane) FROM found WHERE found.lane IS NOT NULL)
        SELECT lane FROM found WHERE lane IS NOT NULL`;
      return rows.map(({ lane }) => lane);
    },

    // the end of a lease counts: a job whose holder died becomes due then
    async nextDue(lane) {
      const rows = await source.sql<{ due: string | null }[]>`SELECT min(coalesce(lease_until, run_at)) AS due
          FROM job WHERE lane = ${lane} AND rank = 0
        UNION ALL SELECT min(coalesce(lease_until, run_at)) FROM job WHERE lane = ${lane} AND rank = 1`;
      const due = rows.flatMap((row) => row.due ?? []);
      return due.sort()[0];
    },

    async openJobs() {
      return source.getRepository(JobRow).count();
    },

    async dueJobs({ lane, rank, by, after = { id: '', due: '' }, limit }) {
      return source
        .getRepository(JobRow)
        .createQueryBuilder('job')
        .select(['job.id AS id', `${DUE} AS due`])
        .where(`job.lane = :lane AND job.rank = :rank AND ${DUE} <= :by`, { lane, rank, by })
        .andWhere(`(${DUE}, job.id) > (:due, :id)`, after)
        .andWhere(isFirst('job', 'job.lane', 'job.delivery_id'))
        .orderBy(DUE)
        .addOrderBy('job.id')
        .limit(limit)
        .getRawMany<DueJob>();
    },
  };
}

export function asDmstRequest({
  wrappedKey,
  kekId,
  bytes,
  keptUntil: _,
  ...row
}: DmstRequestRow): DmstRequest {
  const request = present<Omit<DmstRequest, 'worker'>>(row);
  return { ...request, worker: { atRest: { wrappedKey, kekId }, bytes } };
}

function asHeldIdentity({ wrappedKey, kekId, bytes, decidedAt: _, ...row }: HeldIdentityRow): HeldIdentity {
  const held = present<Omit<HeldIdentity, 'details'>>(row);
  return { ...held, details: { atRest: { wrappedKey, kekId }, bytes } };
}
