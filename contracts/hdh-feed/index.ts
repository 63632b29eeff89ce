import { type Flow, refusedBy } from '#core';
import { acknowledgement } from './acknowledgement.ts';
import { checkBatchHeader, checkResearchLine } from './checks.ts';
import { contract } from './contract.ts';
import batchHeader from './schemas/batch-header.json' with { type: 'json' };
import researchLine from './schemas/research-line.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: { 'batch-header': batchHeader, 'research-line': researchLine, acknowledgement },
  hooks: {
    'dmst-batch': { check: checkBatchHeader, checkLine: checkResearchLine },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
