import type { Address, ContactPoint, Extension, HumanName, Identifier, Patient } from 'fhir-types/r4.js';
import { coding, compact, type Scope } from './scope.ts';
import { COMMUNES, FR_0203, FR_0445, FR_CORE, HL7_0203, INS_TYPES } from './systems.ts';

const GENDERS = { M: 'male', F: 'female', I: 'unknown' } as const;

/** FR Core's Patient. The matricule shows only where the dossier and our own verification both hold it qualified. */
export function toPatient(scope: Scope): Patient {
  const { identity, adminHealth } = scope.dmst;
  const ins = qualifiedIns(scope);
  const doctor = adminHealth?.treatingDoctor;
  return scope.make<Patient>('patient', {
    resourceType: 'Patient',
    meta: {
      profile: [
        `${FR_CORE}/StructureDefinition/${ins === undefined ? 'fr-core-patient' : 'fr-core-patient-ins'}`,
      ],
    },
    extension: [reliability(ins !== undefined, identity.ins?.verifiedAt), ...birthPlace(identity.birthPlace)],
    identifier: [...(ins === undefined ? [] : [ins]), localIdentifier(identity.localId)],
    name: names(scope),
    telecom: telecoms(identity.contact),
    gender: GENDERS[identity.sex],
    birthDate: identity.birthDate,
    deceasedDateTime: identity.deathDate,
    address: address(identity.contact?.address),
    generalPractitioner: doctor === undefined ? [] : [scope.to('treating-doctor')],
  });
}

function qualifiedIns({ dmst, origin }: Scope): Identifier | undefined {
  const { ins } = dmst.identity;
  if (ins?.status !== 'QUAL' || (origin.status ?? ins.status) !== 'QUAL') return undefined;
  const type = INS_TYPES[ins.oid];
  if (type === undefined) return undefined;
  return {
    use: 'official',
    type: { coding: [coding(FR_0203, type)] },
    system: `urn:oid:${ins.oid}`,
    value: `${ins.value}${ins.key}`,
  };
}

/**
 * Table 0445 as FR Core 2.2.0 publishes it has no QUAL: VALI beside a matricule means qualified, and what it cannot
 * say is written lower, never higher.
 */
function reliability(qualified: boolean, verifiedAt: string | undefined): Extension {
  const status = qualified
    ? coding(FR_0445, 'VALI', 'Identité validée')
    : coding(FR_0445, 'PROV', 'Identité provisoire');
  return {
    url: `${FR_CORE}/StructureDefinition/fr-core-identity-reliability`,
    extension: [
      { url: 'identityStatus', valueCoding: status },
      ...(qualified && verifiedAt !== undefined
        ? [{ url: 'validationDate', valueDate: verifiedAt.slice(0, 10) }]
        : []),
    ],
  };
}

function birthPlace(cog: string | undefined): Extension[] {
  if (cog === undefined) return [];
  const insee: Extension = {
    url: `${FR_CORE}/StructureDefinition/fr-core-address-insee-code`,
    valueCoding: coding(COMMUNES, cog),
  };
  return [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace',
      valueAddress: { extension: [insee] },
    },
  ];
}

function localIdentifier({ system, value }: { system: string; value: string }): Identifier {
  return { use: 'secondary', type: { coding: [coding(HL7_0203, 'PI')] }, system, value };
}

function names({ dmst: { identity } }: Scope): HumanName[] {
  const [first] = identity.firstNames;
  const official = compact<HumanName>({
    use: 'official',
    extension: [
      {
        url: `${FR_CORE}/StructureDefinition/fr-core-patient-birth-list-given-name`,
        valueString: identity.firstNames.join(' '),
      },
    ],
    family: identity.birthName,
    given: first === undefined ? [] : [first],
  });
  const { usedName, usedFirstName } = identity;
  if (usedName === undefined && usedFirstName === undefined) return [official];
  const usual = compact<HumanName>({
    use: 'usual',
    family: usedName,
    given: usedFirstName === undefined ? [] : [usedFirstName],
  });
  return [official, usual];
}

function telecoms(contact: { phone?: string; email?: string } | undefined): ContactPoint[] {
  return [
    ...(contact?.phone === undefined ? [] : [{ system: 'phone' as const, value: contact.phone }]),
    ...(contact?.email === undefined ? [] : [{ system: 'email' as const, value: contact.email }]),
  ];
}

function address(text: string | undefined): Address[] {
  return text === undefined ? [] : [{ use: 'home', text }];
}
