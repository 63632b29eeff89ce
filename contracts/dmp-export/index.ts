import {
  acknowledgementSchema,
  type Content,
  type Flow,
  type IdentityQuestion,
  type PartnerId,
  refusedBy,
} from '#core';
import { checkDocument } from './checks.ts';
import { ACKNOWLEDGEMENT_CODES, contract } from './contract.ts';
import { divideDocument } from './divide.ts';
import type { DmpDocument } from './dmp-document.ts';
import document from './schemas/document.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: { document, acknowledgement: acknowledgementSchema(ACKNOWLEDGEMENT_CODES) },
  hooks: {
    document: {
      check: checkDocument,
      identity: whoItIsAbout,
      // a version never overtakes the one that it replaces
      orderKey: ({ json }) => (json as DmpDocument).setId,
      divide: divideDocument,
    },
    acknowledgement: { publicRefusal: refusedBy },
  },
};

function whoItIsAbout({ json }: Content, sender: PartnerId): IdentityQuestion {
  const { subject, evidenceSeen } = json as DmpDocument;
  const { ins, birthName, firstNames, sex, birthDate, birthPlace } = subject;
  return {
    spsti: sender,
    traits: { birthName, firstNames, sex, birthDate, birthPlace },
    ...(ins === undefined ? {} : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
    ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
    startedBy: 'system',
  };
}
