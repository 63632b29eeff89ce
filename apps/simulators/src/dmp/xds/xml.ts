/** XML as whoever receives it reads it: no DOCTYPE, no entity; names with their namespaces. */
import { XmlDocument, XmlElement } from 'libxml2-wasm';

export const NS = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  hl7: 'urn:hl7-org:v3',
  xdsb: 'urn:ihe:iti:xds-b:2007',
  xop: 'http://www.w3.org/2004/08/xop/include',
  lcm: 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0',
  rim: 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  ex: 'urn:relais:dmp-existence:1',
} as const;

/** @returns undefined when it is no XML, or none that may be read */
export function withXml<T>(text: string, read: (root: XmlElement) => T): T | undefined {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text);
  } catch {
    return undefined;
  }
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

export function all(element: XmlElement, path: string, more: Record<string, string> = {}): XmlElement[] {
  return element
    .find(path, { ...NS, ...more })
    .filter((node): node is XmlElement => node instanceof XmlElement);
}

/** Text of the only element there. */
export function textAt(element: XmlElement, path: string): string | undefined {
  const found = all(element, path);
  return found.length === 1 ? found[0]?.content : undefined;
}

export function attribute(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attr(name)?.value;
}
