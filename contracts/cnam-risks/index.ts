import { acknowledgementSchema, type Flow, refusedBy } from '#core';
import { checkEstablishment, checkEstablishments } from './checks.ts';
import { contract } from './contract.ts';
import type { Establishment } from './establishments.ts';
import {
  divideEstablishments,
  establishment,
  published,
  publishedEstablishment,
  withoutSmallCounts,
} from './publish.ts';
import establishments from './schemas/establishments.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: {
    establishments,
    published,
    establishment,
    'published-establishment': publishedEstablishment,
    acknowledgement: acknowledgementSchema([
      'siret.unknown',
      'version.older',
      'tep.unknown',
      'content.unreadable',
    ]),
  },
  hooks: {
    establishments: { check: checkEstablishments, divide: divideEstablishments },
    'establishments-batch': {
      checkLine: (json) => checkEstablishment(json as Establishment),
      divideLine: (json, { tools }) => ({
        parts: [{ audience: 'enc', json: withoutSmallCounts(json as Establishment, tools) }],
        removed: 0,
      }),
    },
    acknowledgement: { publicRefusal: refusedBy },
  },
};
