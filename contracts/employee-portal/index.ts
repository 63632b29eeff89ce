import { acknowledgementSchema, type Flow, questionAbout, REMINDER_SCHEMA, refusedBy } from '#core';
import { checkCopyRequest, checkRefusal, checkView } from './checks.ts';
import { contract } from './contract.ts';
import { deliveredSchema, divideCopyRequest, divideView } from './delivered.ts';
import { clockOf } from './legal-clock.ts';
import copyRequest from './schemas/copy-request.json' with { type: 'json' };
import workerView from './schemas/worker-view.json' with { type: 'json' };
import type { CopyRequest, WorkerView } from './worker-view.ts';

export const flow: Flow = {
  contract,
  schemas: {
    'worker-view': workerView,
    'worker-view-delivered': deliveredSchema,
    'copy-request': copyRequest,
    acknowledgement: acknowledgementSchema(['no-file', 'identity-to-check']),
    reminder: REMINDER_SCHEMA,
  },
  hooks: {
    'worker-view': {
      check: checkView,
      identity: ({ json }, sender) => questionAbout(sender, (json as WorkerView).person),
      divide: ({ json }, context) => divideView(json as WorkerView, context),
    },
    'copy-request': {
      check: checkCopyRequest,
      // a portal is no service: whoever holds the file verifies whose it is
      identity: ({ json }, sender, [service = sender]) =>
        questionAbout(service, (json as CopyRequest).person),
      clock: ({ json }, openedAt) => clockOf(json as CopyRequest, openedAt),
      divide: ({ json }, context) => divideCopyRequest(json as CopyRequest, context),
    },
    acknowledgement: { check: checkRefusal, publicRefusal: refusedBy },
  },
};
