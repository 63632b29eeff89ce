import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkFortnight } from './checks.ts';
import { ACKNOWLEDGEMENT_CODES } from './codes.ts';
import { contract } from './contract.ts';
import fortnight from './schemas/fortnight.json' with { type: 'json' };
import { divideFortnight } from './tables.ts';

export const flow: Flow = {
  contract,
  schemas: { fortnight, acknowledgement: acknowledgementSchema(ACKNOWLEDGEMENT_CODES) },
  hooks: {
    fortnight: { check: checkFortnight, divide: divideFortnight },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
