import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkReport } from './checks.ts';
import { contract } from './contract.ts';
import { divideReport, memoryKey, orderKey, published } from './publish.ts';
import report from './schemas/report.json' with { type: 'json' };
import validation from './schemas/validation.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: {
    report,
    published,
    validation,
    acknowledgement: acknowledgementSchema([
      'report.validated',
      'report.provisional',
      'report.incomplete',
      'report.to-correct',
      'content.unreadable',
    ]),
  },
  hooks: {
    report: { check: checkReport, divide: divideReport, memoryKey, orderKey },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
