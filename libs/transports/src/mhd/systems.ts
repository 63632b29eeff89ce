/** How a code or an id of a CDA is named in FHIR. */
import type { CdaCode, CdaId } from '#core/cda-document';

export const URI = 'urn:ietf:rfc:3986';
export const MHD_LIST = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';
export const IHE = 'https://profiles.ihe.net/ITI/MHD/StructureDefinition';

const SYSTEMS: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': 'http://loinc.org',
  '2.16.840.1.113883.5.25': 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  '1.2.250.1.213.1.1.4.13':
    'https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument',
};

export function concept({ code, codeSystem, displayName }: CdaCode) {
  const system = SYSTEMS[codeSystem] ?? asUrn(codeSystem);
  return { coding: [{ system, code, ...(displayName === '' ? {} : { display: displayName }) }] };
}

export function identifier({ root, extension }: CdaId) {
  return extension === undefined
    ? { system: URI, value: asUrn(root) }
    : { system: asUrn(root), value: extension };
}

/** masterIdentifier of a document: its CDA id, a UUID or an OID. */
export function asUrn(root: string): string {
  const bare = root.replace(/^urn:(uuid|oid):/i, '');
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(bare)
    ? `urn:uuid:${bare.toLowerCase()}`
    : `urn:oid:${bare}`;
}
