/** XML read by libxml2, by local names: what an organisation's software needs of it here. */
import { XmlDocument, XmlElement } from 'libxml2-wasm';

export interface Found {
  text: string;
  /** serialised */
  xml: string;
  attribute(name: string): string;
  /** local names of its child elements */
  children: string[];
  /** first descendant of that local name */
  first(name: string): Found | undefined;
}

/** Every element that the XPath names, as plain values. */
export function find(xml: string, xpath: string): Found[] {
  const document = XmlDocument.fromString(xml);
  try {
    return document
      .find(xpath)
      .filter((node) => node instanceof XmlElement)
      .map(plain);
  } finally {
    document.dispose();
  }
}

export const named = (name: string): string => `//*[local-name()='${name}']`;

function plain(element: XmlElement): Found {
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
  const inside: { name: string; found: Found }[] = [];
  for (let node = element.firstChild; node !== null; node = node.next)
    if (node instanceof XmlElement) inside.push({ name: node.name, found: plain(node) });
  return {
    text: element.content,
    xml: element.toString({ noDeclaration: true }),
    attribute: (name) => attributes.get(name) ?? '',
    children: inside.map(({ name }) => name),
    first: (wanted) =>
      inside.find(({ name }) => name === wanted)?.found ??
      inside.map(({ found }) => found.first(wanted)).find((one) => one !== undefined),
  };
}
