/** Content of `dmst-portability.request` from what a person asked at the portal or through its software. */
import type { Ins, Person, Role, Traits } from '#core';
import type { DmstRequestBody } from './dmst-request.dto.ts';

/** what a person asks here for */
export const PURPOSE = 'CONTINUITE';

export interface RequestContent {
  worker: { heldIns?: Ins; traits: Traits; identityStatus: 'PROV'; evidenceSeen?: string };
  requester: { role: string; name: string; RPPS?: string; localId?: string };
  legalGate: { informedAt: string; nonOpposition: true; recordedBy: string };
  integrationLevel: 'DOC';
  purpose: typeof PURPOSE;
}

const ROLES: Partial<Record<Role, string>> = {
  physician: 'MT',
  nurse: 'IDEST',
  iprp: 'IPRP',
  asst: 'ASST',
  secretary: 'SECRETAIRE',
};

/** The status is what Relais' own verification will say (prepare), never what the asker claims. */
export function requestContent(
  person: Person,
  body: DmstRequestBody,
  gate: Pick<RequestContent['legalGate'], 'informedAt' | 'recordedBy'>,
): RequestContent {
  const { traits, ins } = body.worker;
  return {
    worker: {
      // plain objects: what is stored must not depend on a class
      traits: JSON.parse(JSON.stringify(traits)) as Traits,
      ...(ins === undefined
        ? {}
        : { heldIns: { value: ins.value.toUpperCase(), key: ins.key, oid: ins.oid } }),
      identityStatus: 'PROV',
      ...(body.evidenceSeen === undefined ? {} : { evidenceSeen: body.evidenceSeen }),
    },
    requester: {
      role: ROLES[person.role] ?? 'SECRETAIRE',
      name: person.name,
      ...(person.rpps === undefined ? { localId: person.pseudonym } : { RPPS: person.rpps }),
    },
    legalGate: { ...gate, nonOpposition: true },
    integrationLevel: 'DOC',
    purpose: PURPOSE,
  };
}
