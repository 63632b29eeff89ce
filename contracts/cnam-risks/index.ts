import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkEstablishments } from './checks.ts';
import { contract } from './contract.ts';
import { divideEstablishments, published } from './publish.ts';
import establishments from './schemas/establishments.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: {
    establishments,
    published,
    acknowledgement: acknowledgementSchema([
      'siret.unknown',
      'version.older',
      'tep.unknown',
      'content.unreadable',
    ]),
  },
  hooks: {
    establishments: { check: checkEstablishments, divide: divideEstablishments },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
