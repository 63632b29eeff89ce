import { ParseOption, XmlDocument, type XmlElement, XmlParseError } from 'libxml2-wasm';
import { BadRequest, checkShape, elementsOf, textOf } from './check-shape.ts';
import type { SearchedTraits } from './people.ts';
import { BAM, LPS, OPERATIONS, REC_SANS, REC_VIT, SOAP, WSA } from './shapes.ts';

interface Head {
  messageId: string;
  idam: string;
  emitter: string;
}

export type SearchRequest = Head &
  (
    | { operation: 'traits'; traits: SearchedTraits }
    | { operation: 'vitale'; card: { birthName: string; birthDate: string; matricule?: string } }
  );

/**
 * Reads a SOAP request of one of the two searches.
 *
 * @param action of the content type, which must be the one of the header
 * @throws BadRequest naming the first thing that is not as the WSDL and its XSDs say
 */
export function readRequest(body: string, action: string | undefined): SearchRequest {
  if (body.includes('<!DOCTYPE')) throw new BadRequest('DOCTYPE');
  const document = parse(body);
  try {
    const { root } = document;
    if (root.name !== 'Envelope' || root.namespaceUri !== SOAP)
      throw new BadRequest('not a SOAP 1.2 envelope');
    const [header, content, ...rest] = elementsOf(root);
    if (!isSoap(header, 'Header') || !isSoap(content, 'Body') || rest.length > 0) {
      throw new BadRequest('Envelope: expected Header then Body');
    }
    return readParts(header, content, action);
  } finally {
    document.dispose();
  }
}

function readParts(header: XmlElement, content: XmlElement, action: string | undefined): SearchRequest {
  const [body, ...others] = elementsOf(content);
  const operation = OPERATIONS.find(({ body: { name } }) => name === body?.name);
  if (body === undefined || operation === undefined || others.length > 0)
    throw new BadRequest('Body: unknown operation');
  if (action !== operation.action) throw new BadRequest('content type: action');
  checkShape(body, operation.body, '/Body');

  const headers = elementsOf(header);
  for (const shape of operation.headers) {
    const [found, twice] = headers.filter(
      (one) => one.name === shape.name && one.namespaceUri === shape.namespace,
    );
    if (found === undefined || twice !== undefined)
      throw new BadRequest(`Header: expected one ${shape.name}`);
    checkShape(found, shape, '/Header');
  }
  if (headers.length > operation.headers.length)
    throw new BadRequest('Header: more than the software certificate mode has');

  const head = readHead(header);
  if (operation.name === 'traits') return { ...head, operation: 'traits', traits: readTraits(body) };
  const matricule = value(body, REC_VIT, 'MatriculeIndividu', 'NumIdentifiant');
  return {
    ...head,
    operation: 'vitale',
    card: {
      birthName: value(body, REC_VIT, 'NomNaissance') ?? '',
      birthDate: value(body, REC_VIT, 'DateNaissance') ?? '',
      ...(matricule === undefined ? {} : { matricule }),
    },
  };
}

function readHead(header: XmlElement): Head {
  const emitter = value(header, BAM, 'ContexteBAM', 'Emetteur') ?? '';
  if (emitter !== value(header, LPS, 'ContexteLPS', 'Emetteur'))
    throw new BadRequest('Header: two different Emetteur');
  return {
    messageId: value(header, WSA, 'MessageID') ?? '',
    idam: value(header, LPS, 'ContexteLPS', 'LPS', 'IDAM') ?? '',
    emitter,
  };
}

function readTraits(body: XmlElement): SearchedTraits {
  const birthPlace = value(body, REC_SANS, 'LieuNaissance');
  return {
    birthName: value(body, REC_SANS, 'NomNaissance') ?? '',
    firstNames: elementsOf(body)
      .filter(({ name }) => name === 'Prenom')
      .map(textOf),
    sex: value(body, REC_SANS, 'Sexe') ?? '',
    birthDate: value(body, REC_SANS, 'DateNaissance') ?? '',
    ...(birthPlace === undefined ? {} : { birthPlace }),
  };
}

/** Text at a path of elements, all of one namespace; shapes have already said what must be there. */
function value(from: XmlElement, namespace: string, ...path: string[]): string | undefined {
  let element: XmlElement | undefined = from;
  for (const name of path) {
    element = elementsOf(element).find((child) => child.name === name && child.namespaceUri === namespace);
    if (element === undefined) return undefined;
  }
  return textOf(element);
}

function isSoap(element: XmlElement | undefined, name: string): element is XmlElement {
  return element !== undefined && element.name === name && element.namespaceUri === SOAP;
}

function parse(body: string): XmlDocument {
  try {
    return XmlDocument.fromString(body, {
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE,
    });
  } catch (error) {
    if (error instanceof XmlParseError) throw new BadRequest('not well-formed XML');
    throw error;
  }
}
