import type { DataSource } from 'typeorm';
import type { Exchange, IncomingRecords } from '#core';
import { CandidateRow } from '../entities/candidate-row.ts';
import { ExchangeRow } from '../entities/exchange-row.ts';
import { present } from '../entities/row.ts';

/** What the pages of a source service read. */
export function incomingRecordsOf(source: DataSource): IncomingRecords {
  return {
    async candidates(exchangeId) {
      const rows = await source
        .getRepository(CandidateRow)
        .find({ where: { exchangeId }, order: { id: 'ASC' } });
      return rows.map(({ wrappedKey, kekId, bytes: _, ...row }) => ({
        ...row,
        atRest: { wrappedKey, kekId },
      }));
    },

    async candidateContent(id) {
      const row = await source
        .getRepository(CandidateRow)
        .findOne({ select: { id: true, bytes: true }, where: { id } });
      return row?.bytes;
    },

    async candidateCounts(exchangeIds) {
      const counts = new Map(exchangeIds.map((id) => [id, 0]));
      if (exchangeIds.length === 0) return counts;
      const rows = await source
        .getRepository(CandidateRow)
        .createQueryBuilder('c')
        .select('c.exchangeId', 'id')
        .addSelect('count(*)', 'n')
        .where('c.exchangeId IN (:...exchangeIds)', { exchangeIds })
        .groupBy('c.exchangeId')
        .getRawMany<{ id: string; n: number }>();
      for (const { id, n } of rows) counts.set(id, Number(n));
      return counts;
    },

    async incoming({ flow, responder, open, limit, afterId }) {
      const query = source
        .getRepository(ExchangeRow)
        .createQueryBuilder('e')
        .where('e.responder = :responder AND e.flow = :flow', { responder, flow })
        // what has not left yet (an identity in doubt) is not theirs to know
        .andWhere(
          'EXISTS (SELECT 1 FROM delivery AS d WHERE d.message_id = e.request_id AND d.recipient = :copy)',
          { copy: `portal:${responder}` },
        )
        .limit(limit);
      if (open) {
        // word for word the condition of the index
        query
          .andWhere(
            `e.answerId IS NULL AND e.state IN ('DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED')`,
          )
          .orderBy('e.deadline')
          .addOrderBy('e.id');
        if (afterId !== undefined)
          query.andWhere(
            '(e.deadline, e.id) > (SELECT last.deadline, last.id FROM exchange AS last WHERE last.id = :afterId)',
            { afterId },
          );
      } else {
        query.orderBy('e.id', 'DESC');
        if (afterId !== undefined) query.andWhere('e.id < :afterId', { afterId });
      }
      return (await query.getMany()).map(present<Exchange>);
    },
  };
}
