import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { ACKNOWLEDGEMENT_CODES } from './codes.ts';
import { contract } from './contract.ts';
import { sheetSchema } from './sheet-schema.ts';

export const flow: Flow = {
  contract,
  schemas: { sheet: sheetSchema, acknowledgement: acknowledgementSchema(ACKNOWLEDGEMENT_CODES) },
  hooks: { acknowledgement: { publicRefusal: refusedBy } },
};
