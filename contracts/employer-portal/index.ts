import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkDeclaration, checkView } from './checks.ts';
import { contract } from './contract.ts';
import { divideView, memoryKey, orderKey, published, whoIsTold } from './publish.ts';
import declaration from './schemas/declaration.json' with { type: 'json' };
import employerView from './schemas/employer-view.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: {
    'employer-view': employerView,
    published,
    declaration,
    acknowledgement: acknowledgementSchema([
      'document.downloaded',
      'view.updated',
      'employer.unknown',
      'content.unreadable',
      'line.accepted',
      'worker.unknown',
      'worker.already-known',
      'pcs.unknown',
      'date.unlikely',
    ]),
  },
  hooks: {
    'employer-view': { check: checkView, identity: whoIsTold, divide: divideView, memoryKey, orderKey },
    declaration: { check: checkDeclaration },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
