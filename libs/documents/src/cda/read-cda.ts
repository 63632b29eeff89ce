/** What the header of a CDA R2 says, ours or another's. Its identity is a claim, to be judged by libs/identity. */
import type { XmlElement } from 'libxml2-wasm';
import { BrokerError, type ReadCda } from '#core';
import { allAt, attributeOf, childrenOf, firstAt, onlyAt, readXml, textIn } from '../xml/read-xml.ts';
import { embeddedFile } from './embedded.ts';
import { codeOf, idOf, idsOf, nameOf } from './read-parts.ts';
import { readPatient } from './read-patient.ts';

export const HL7_V3 = 'urn:hl7-org:v3';

/**
 * Element by element, by namespace: a repeated one of those that must be alone is refused, since each reader would
 * choose its own.
 * @throws BrokerError `content.invalid`, `xml.doctype`, `body.too-large`
 */
export function readCda(xml: Uint8Array): ReadCda {
  const read = readCdaIfAny(xml);
  if (read === undefined) throw invalid('Le fichier n’est pas un document CDA R2.');
  return read;
}

/** Undefined for well-formed XML that is something else. */
export function readCdaIfAny(xml: Uint8Array): ReadCda | undefined {
  return readXml(xml, (root) => (isCda(root) ? headerOf(root) : undefined));
}

function headerOf(root: XmlElement): ReadCda {
  const [id, type] = [idOf(onlyAt(root, 'id')), codeOf(onlyAt(root, 'code'))];
  if (id === undefined || type === undefined)
    throw invalid('Le document CDA n’a pas d’identifiant ou de type.');
  return {
    id,
    ...versionOf(root),
    type,
    title: textIn(onlyAt(root, 'title')) ?? type.displayName,
    effectiveTime: attributeOf(onlyAt(root, 'effectiveTime'), 'value') ?? '',
    confidentiality: attributeOf(onlyAt(root, 'confidentialityCode'), 'code') ?? '',
    language: attributeOf(onlyAt(root, 'languageCode'), 'code') ?? '',
    patient: readPatient(root),
    ...peopleOf(root),
    ...actOf(root),
    ...bodyOf(root),
    templates: childrenOf(root, 'templateId').flatMap((one) => attributeOf(one, 'root') ?? []),
  };
}

function isCda(root: XmlElement): boolean {
  return root.name === 'ClinicalDocument' && root.namespaceUri === HL7_V3;
}

function versionOf(root: XmlElement): Pick<ReadCda, 'setId' | 'version' | 'replaces'> {
  const setId = idOf(onlyAt(root, 'setId'));
  const version = attributeOf(onlyAt(root, 'versionNumber'), 'value');
  const replacing = childrenOf(root, 'relatedDocument').filter(
    (one) => attributeOf(one, 'typeCode') === 'RPLC',
  );
  if (replacing.length > 1) throw invalid('Le document CDA en remplace plusieurs.');
  const replaces =
    replacing[0] === undefined ? undefined : idOf(onlyAt(replacing[0], 'parentDocument', 'id'));
  return {
    ...(setId === undefined ? {} : { setId }),
    ...(version !== undefined && /^\d{1,9}$/.test(version) ? { version: Number(version) } : {}),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

function peopleOf(root: XmlElement): Pick<ReadCda, 'author' | 'organization' | 'legalAuthenticator'> {
  const author = firstAt(root, 'author');
  const assigned = author === undefined ? undefined : onlyAt(author, 'assignedAuthor');
  const legal = onlyAt(root, 'legalAuthenticator', 'assignedEntity');
  return {
    author: authorOf(author, assigned),
    organization: organizationOf(
      (assigned && onlyAt(assigned, 'representedOrganization')) ??
        onlyAt(root, 'custodian', 'assignedCustodian', 'representedCustodianOrganization'),
    ),
    ...(legal === undefined
      ? {}
      : { legalAuthenticator: { ids: idsOf(legal), ...nameOf(onlyAt(legal, 'assignedPerson')) } }),
  };
}

/** A person, or a device: its software stands where a family name would, its model where a given one would. */
function authorOf(author: XmlElement | undefined, assigned: XmlElement | undefined): ReadCda['author'] {
  if (author === undefined || assigned === undefined) throw invalid('Le document CDA n’a pas d’auteur.');
  const code = codeOf(onlyAt(assigned, 'code'));
  const role = attributeOf(onlyAt(author, 'functionCode'), 'displayName');
  const device = onlyAt(assigned, 'assignedAuthoringDevice');
  const person = nameOf(onlyAt(assigned, 'assignedPerson'));
  const model = device === undefined ? undefined : textIn(onlyAt(device, 'manufacturerModelName'));
  return {
    ids: idsOf(assigned),
    family: device === undefined ? (person.family ?? '') : (textIn(onlyAt(device, 'softwareName')) ?? ''),
    given: device === undefined ? person.given : model === undefined ? [] : [model],
    ...(device === undefined ? {} : { device: true }),
    ...(code === undefined ? {} : { code }),
    ...(role === undefined ? {} : { role }),
  };
}

function organizationOf(element: XmlElement | undefined): ReadCda['organization'] {
  if (element === undefined) return {};
  const [id, name] = [idsOf(element)[0], textIn(firstAt(element, 'name'))];
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

/** The first act is the main one (CI-SIS); the codes of all are told. */
function actOf(root: XmlElement): Pick<ReadCda, 'act' | 'practiceSetting' | 'facility'> {
  const main = firstAt(root, 'documentationOf', 'serviceEvent');
  const from = main && attributeOf(onlyAt(main, 'effectiveTime', 'low'), 'value');
  const to = main && attributeOf(onlyAt(main, 'effectiveTime', 'high'), 'value');
  const practiceSetting =
    main &&
    codeOf(
      firstAt(main, 'performer', 'assignedEntity', 'representedOrganization', 'standardIndustryClassCode'),
    );
  const facility = codeOf(
    onlyAt(root, 'componentOf', 'encompassingEncounter', 'location', 'healthCareFacility', 'code'),
  );
  return {
    act: {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      codes: allAt(root, 'documentationOf', 'serviceEvent', 'code').flatMap((one) => codeOf(one) ?? []),
    },
    ...(practiceSetting === undefined ? {} : { practiceSetting }),
    ...(facility === undefined ? {} : { facility }),
  };
}

function bodyOf(root: XmlElement): Pick<ReadCda, 'body'> {
  const text = onlyAt(root, 'component', 'nonXMLBody', 'text');
  return text === undefined ? {} : { body: embeddedFile(text) };
}

function invalid(detail: string): BrokerError {
  return new BrokerError('content.invalid', { detail });
}
