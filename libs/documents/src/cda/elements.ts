/** Small pieces that every part of a CDA header is made of. */
import type { CdaCode, CdaId, CdaOrganization, CdaProfessional } from '#core/cda-document';
import type { XmlTree } from '../xml/write-xml.ts';

const PERSONS = '1.2.250.1.71.4.2.1';
const STRUCTURES = '1.2.250.1.71.4.2.2';

export function organisationTree(
  name: string,
  organization: CdaOrganization,
  more: readonly XmlTree[] = [],
): XmlTree {
  return [name, [structureId(organization), ['name', organization.name], ...more]];
}

/** National identifier of a structure: its kind in one digit, then the number. */
export function structureId({ siret, finess }: CdaOrganization): XmlTree {
  return id({ root: STRUCTURES, extension: finess === undefined ? `3${siret}` : `1${finess}` });
}

/** RPPS; else a number that the structure gave, behind its own (5 and its SIRET, 3 and its FINESS). */
export function professionalId(
  { rpps, localId }: CdaProfessional,
  { siret, finess }: CdaOrganization,
): XmlTree {
  const own = finess === undefined ? `5${siret}/${localId}` : `3${finess}/${localId}`;
  return id({ root: PERSONS, extension: rpps === undefined ? own : `8${rpps}` });
}

export function personName({ family, given }: CdaProfessional): XmlTree {
  return [
    'name',
    [
      ['given', given],
      ['family', family],
    ],
  ];
}

export function id({ root, extension }: CdaId): XmlTree {
  return ['id', [], { root: hl7Root(root), extension }];
}

export function coded(name: string, { code, codeSystem, codeSystemName, displayName }: CdaCode): XmlTree {
  return [name, [], { code, displayName, codeSystem, codeSystemName }];
}

/** HL7 V3 data types write the letters of a UUID in capitals; an OID has none. */
export function hl7Root(root: string): string {
  return root.toUpperCase();
}

/** A day, month or year stays one; an instant is written in UTC, with its zone. */
export function hl7Time(at: string): string {
  return at.length <= 10
    ? at.replaceAll('-', '')
    : `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
