/** The few forms of ebRIM 3.0 that everything in a submission is said with. */
import type { CdaCode } from '#core/cda-document';
import type { XmlTree } from '../xml/write-xml.ts';

export const RIM = 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0';
export const LCM = 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0';

const OBJECT = 'urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject';

/** Names that IHE gave to its attributes (ITI TF-3, table 4.1-6 and following). */
export const SCHEMES = {
  entry: {
    object: 'urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1',
    author: 'urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d',
    class: 'urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a',
    confidentiality: 'urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f',
    event: 'urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4',
    format: 'urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d',
    facility: 'urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1',
    practice: 'urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead',
    type: 'urn:uuid:f0306f51-975f-434e-a61c-c59651d33983',
    patientId: 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427',
    uniqueId: 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
  },
  set: {
    node: 'urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd',
    author: 'urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d',
    contentType: 'urn:uuid:aa543740-bdda-424e-8c96-df4873be8500',
    patientId: 'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446',
    sourceId: 'urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832',
    uniqueId: 'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8',
  },
} as const;

export const HAS_MEMBER = 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember';
export const REPLACES = 'urn:ihe:iti:2007:AssociationType:RPLC';

export function slot(name: string, ...values: readonly (string | undefined)[]): XmlTree | undefined {
  const said = values.filter((value) => value !== undefined && value !== '');
  if (said.length === 0) return undefined;
  return ['rim:Slot', [['rim:ValueList', said.map((value) => ['rim:Value', value] as XmlTree)]], { name }];
}

export function name(text: string): XmlTree {
  return ['rim:Name', [['rim:LocalizedString', [], { 'xml:lang': 'fr-FR', charset: 'UTF-8', value: text }]]];
}

/** Ids of what stands inside an object are made from its own: the same order gives the same bytes. */
export class Marks {
  #count = 0;

  next(kind: string): string {
    this.#count += 1;
    return `${kind}${String(this.#count).padStart(3, '0')}`;
  }
}

export function coded(
  marks: Marks,
  of: string,
  classificationScheme: string,
  { code, codeSystem, displayName }: CdaCode,
): XmlTree {
  return [
    'rim:Classification',
    [slot('codingScheme', codeSystem), name(displayName)],
    {
      id: marks.next('cla'),
      classificationScheme,
      classifiedObject: of,
      nodeRepresentation: code,
      objectType: `${OBJECT}:Classification`,
    },
  ];
}

/** A classification that holds slots: an author. */
export function described(
  marks: Marks,
  of: string,
  classificationScheme: string,
  slots: readonly (XmlTree | undefined)[],
): XmlTree {
  return [
    'rim:Classification',
    slots,
    {
      id: marks.next('cla'),
      classificationScheme,
      classifiedObject: of,
      nodeRepresentation: '',
      objectType: `${OBJECT}:Classification`,
    },
  ];
}

/** What kind of thing an object is. */
export function kindOf(marks: Marks, of: string, classificationNode: string): XmlTree {
  return [
    'rim:Classification',
    [],
    {
      id: marks.next('cla'),
      classificationNode,
      classifiedObject: of,
      objectType: `${OBJECT}:Classification`,
    },
  ];
}

export function external(
  marks: Marks,
  of: string,
  identificationScheme: string,
  label: string,
  value: string,
): XmlTree {
  return [
    'rim:ExternalIdentifier',
    [name(label)],
    {
      id: marks.next('ei'),
      registryObject: of,
      identificationScheme,
      value,
      objectType: `${OBJECT}:ExternalIdentifier`,
    },
  ];
}

export function association(
  marks: Marks,
  associationType: string,
  sourceObject: string,
  targetObject: string,
  slots: readonly (XmlTree | undefined)[] = [],
): XmlTree {
  return [
    'rim:Association',
    slots,
    {
      id: marks.next('as'),
      associationType,
      sourceObject,
      targetObject,
      objectType: `${OBJECT}:Association`,
    },
  ];
}
