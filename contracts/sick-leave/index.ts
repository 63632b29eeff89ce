import { acknowledgementSchema, type Flow, questionAbout, REMINDER_SCHEMA, refusedBy } from '#core';
import { checkNotice } from './checks.ts';
import { contract } from './contract.ts';
import { deliveredSchema, divideNotice } from './delivered.ts';
import type { Notice } from './notice.ts';
import notice from './schemas/notice.json' with { type: 'json' };

const CODES = ['matched', 'unknown-worker', 'no-ins', 'task-vpre', 'task-vrep'];

export const flow: Flow = {
  contract,
  schemas: {
    notice,
    'notice-delivered': deliveredSchema,
    acknowledgement: acknowledgementSchema(CODES),
    reminder: REMINDER_SCHEMA,
  },
  hooks: {
    notice: {
      check: checkNotice,
      // a fund has no mandate for INSi: each service verifies for itself whom it is told about
      identity: ({ json }, sender, [service = sender]) => questionAbout(service, (json as Notice).person),
      orderKey: ({ json }) => (json as Notice).stop.episodeId,
      divide: ({ json }, context) => divideNotice(json as Notice, context),
    },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
