import { rewrapIn } from './rewrap.ts';
import { type Area, insertInto } from './statement.ts';

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
  'candidate.rewrap': rewrapIn('candidate'),
};
