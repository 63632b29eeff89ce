import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkQuestionnaire } from './checks.ts';
import { ACKNOWLEDGEMENT_CODES } from './codes.ts';
import { contract } from './contract.ts';
import questionnaire from './schemas/questionnaire.json' with { type: 'json' };
import { divideQuestionnaire } from './tables.ts';

export const flow: Flow = {
  contract,
  schemas: { questionnaire, acknowledgement: acknowledgementSchema(ACKNOWLEDGEMENT_CODES) },
  hooks: {
    questionnaire: { check: checkQuestionnaire, divide: divideQuestionnaire },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
