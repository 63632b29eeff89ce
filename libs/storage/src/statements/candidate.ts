import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto } from './statement.ts';
import { ENDED_STATES } from './states.ts';

/** exchanges in one transaction, ten files of ten megabytes each at most */
const AT_ONCE = 10;

export const candidateStatements: Area<'candidate'> = {
  'candidate.insert': {
    sql: insertInto('candidate', [
      'id',
      'exchangeId',
      'depositedAt',
      'depositedBy',
      'wrappedKey',
      'kekId',
      'head',
      'bytes',
    ]),
    params: ({ candidate: { atRest, ...candidate }, content }) => ({
      ...candidate,
      ...atRest,
      bytes: content,
    }),
  },
  // content lies in the rows: the index alone says which of them
  'candidate.sweep': {
    sql: `DELETE FROM candidate WHERE exchange_id IN (
      SELECT DISTINCT kept.exchange_id FROM candidate AS kept
      WHERE NOT EXISTS (SELECT 1 FROM exchange
        WHERE exchange.id = kept.exchange_id AND answer_id IS NULL AND state NOT IN ${ENDED_STATES})
      LIMIT ${AT_ONCE})`,
    params: (values) => values,
  },
  'candidate.rewrap': rewrapIn('candidate'),
};
