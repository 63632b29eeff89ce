/** A CDA document as whoever receives it reads it. Hostile until proved otherwise: no DOCTYPE, no entity. */
import { XmlDocument, XmlElement } from 'libxml2-wasm';

export interface ReadCda {
  /** names of the children of ClinicalDocument, in order */
  outline: string[];
  templates: string[];
  id: string | undefined;
  setId: string | undefined;
  version: string | undefined;
  type: string | undefined;
  title: string | undefined;
  replaces: string | undefined;
  consent: string | undefined;
  patient: {
    ids: { root: string; extension: string }[];
    birthName: string | undefined;
    firstName: string | undefined;
    allNames: string | undefined;
    birthTime: string | undefined;
    birthPlace: string | undefined;
    gender: string | undefined;
  };
  author: string | undefined;
  custodian: string | undefined;
  /** undefined when it is not a base64 PDF body */
  pdf: Buffer | undefined;
}

const NAMESPACE = { c: 'urn:hl7-org:v3' };

/** @returns undefined when it is no XML, or none that may be read */
export function readCda(bytes: Uint8Array): ReadCda | undefined {
  if (Buffer.from(bytes).includes('<!DOCTYPE')) return undefined;
  const document = parse(bytes);
  if (document === undefined) return undefined;
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

function parse(bytes: Uint8Array): XmlDocument | undefined {
  try {
    return XmlDocument.fromBuffer(bytes);
  } catch {
    return undefined;
  }
}

function read(root: XmlElement): ReadCda | undefined {
  if (root.name !== 'ClinicalDocument' || root.namespaceUri !== NAMESPACE.c) return undefined;
  const all = (path: string): XmlElement[] =>
    root.find(path, NAMESPACE).filter((node): node is XmlElement => node instanceof XmlElement);
  const text = (path: string) => all(path)[0]?.content;
  const attribute = (path: string, name: string) => all(path)[0]?.attr(name)?.value;
  const patient = 'c:recordTarget/c:patientRole/c:patient';
  const body = all('c:component/c:nonXMLBody/c:text[@mediaType="application/pdf"][@representation="B64"]')[0];
  return {
    outline: all('*').map(({ name }) => name),
    templates: all('c:templateId').map((one) => one.attr('root')?.value ?? ''),
    id: attribute('c:id', 'root'),
    setId: attribute('c:setId', 'root'),
    version: attribute('c:versionNumber', 'value'),
    type: attribute('c:code', 'code'),
    title: text('c:title'),
    replaces: attribute('c:relatedDocument[@typeCode="RPLC"]/c:parentDocument/c:id', 'root'),
    consent: attribute('c:authorization/c:consent[c:statusCode/@code="completed"]/c:id', 'root'),
    patient: {
      ids: all('c:recordTarget/c:patientRole/c:id').map((one) => ({
        root: one.attr('root')?.value ?? '',
        extension: one.attr('extension')?.value ?? '',
      })),
      birthName: text(`${patient}/c:name/c:family[@qualifier="BR"]`),
      firstName: text(`${patient}/c:name/c:given[@qualifier="BR"]`),
      allNames: text(`${patient}/c:name/c:given[not(@qualifier)]`),
      birthTime: attribute(`${patient}/c:birthTime`, 'value'),
      birthPlace: text(`${patient}/c:birthplace/c:place/c:addr/c:county`),
      gender: attribute(`${patient}/c:administrativeGenderCode`, 'code'),
    },
    author: attribute('c:author/c:assignedAuthor/c:id', 'extension'),
    custodian: attribute(
      'c:custodian/c:assignedCustodian/c:representedCustodianOrganization/c:id',
      'extension',
    ),
    pdf: body === undefined ? undefined : Buffer.from(body.content, 'base64'),
  };
}
