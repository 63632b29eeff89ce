import { v5 } from 'uuid';
import type { CdaId, CdaPatient } from './cda-document.ts';
import type { Dmst } from './dmst.ts';
import type { IdentityVerdict } from './identity.ts';

const OID = /^(?:urn:oid:)?([0-2](?:\.(?:0|[1-9][0-9]*))+)$/;

/**
 * The person of a dossier as a CDA header names them. The matricule is the one that our own verification holds
 * qualified, never the sender's word; without the place of birth CI-SIS lets none be said.
 */
export function cdaPatientOf(identity: Dmst['identity'], verdict: IdentityVerdict | undefined): CdaPatient {
  const { birthName, firstNames, usedName, usedFirstName, sex, birthDate, birthPlace } = identity;
  const ins = verdict?.status === 'QUAL' && birthPlace !== undefined ? verdict.ins : undefined;
  return {
    ...(ins === undefined ? {} : { ins }),
    localIds: [localCdaId(identity.localId)],
    birthName,
    firstNames,
    ...(usedName === undefined ? {} : { usedName }),
    ...(usedFirstName === undefined ? {} : { usedFirstName }),
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
  };
}

/** A service's own identifier: its system is an OID, or any other name, which always gives the same UUID. */
export function localCdaId({ system, value }: { system: string; value: string }): CdaId {
  return { root: OID.exec(system)?.[1] ?? v5(system, v5.URL), extension: value };
}
