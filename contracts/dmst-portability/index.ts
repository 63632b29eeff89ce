import {
  type Content,
  divideReminder,
  type Flow,
  type IdentityQuestion,
  type PartnerId,
  REMINDER_SCHEMA,
} from '#core';
import type { Dmst } from '#core/dmst';
import { checkRequest, checkResponse } from './checks.ts';
import { contract } from './contract.ts';
import { divideRefusal, publicRefusal } from './refusal.ts';
import { divideRequest, whoIsAskedAbout } from './request.ts';
import { divideResponse } from './response.ts';
import access from './schemas/access.json' with { type: 'json' };
import dmst from './schemas/dmst.json' with { type: 'json' };
import refusal from './schemas/refusal.json' with { type: 'json' };
import request from './schemas/request.json' with { type: 'json' };

export const flow: Flow = {
  contract,
  schemas: { dmst, request, refusal, reminder: REMINDER_SCHEMA, access },
  hooks: {
    request: { check: checkRequest, identity: whoIsAskedAbout, divide: divideRequest },
    response: { check: checkResponse, identity: whoIsTold, divide: divideResponse },
    refusal: { divide: divideRefusal, publicRefusal },
    reminder: { divide: divideReminder },
  },
};

/** The identity inside the dossier, to be held against that of the exchange; a PDF names nobody that can be read. */
function whoIsTold({ json }: Content, sender: PartnerId): IdentityQuestion | undefined {
  if (json === undefined) return undefined;
  const { ins, birthName, firstNames, sex, birthDate, birthPlace } = (json as Dmst).identity;
  return {
    spsti: sender,
    traits: { birthName, firstNames, sex, birthDate, ...(birthPlace === undefined ? {} : { birthPlace }) },
    ...(ins === undefined ? {} : { ins: { value: ins.value, key: ins.key, oid: ins.oid } }),
    startedBy: 'system',
  };
}
