import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { NS } from './names.ts';

/** `['saml2:Issuer', text]` or `['soap:Body', [children]]`, then attributes; undefined children are left out. */
export type XmlTree = readonly [
  name: string,
  content: string | readonly (XmlTree | undefined)[],
  attributes?: Readonly<Record<string, string | undefined>>,
];

type Prefix = keyof typeof NS;

/** A tree as text, each namespace declared at the root; libxml2 escapes every value, so that none can become markup. */
export function writeXml(tree: XmlTree): string {
  const document = XmlDocument.create();
  try {
    const [prefix, name] = split(tree[0]);
    const root = document.createRoot(name, NS[prefix as Prefix], prefix);
    for (const other of prefixesOf(tree)) {
      const uri = NS[other as Prefix];
      if (other !== prefix && uri !== undefined) root.addNsDeclaration(uri, other);
    }
    fill(root, tree);
    return root.toString({ format: false, noDeclaration: true });
  } finally {
    document.dispose();
  }
}

function fill(element: XmlElement, [, content, attributes = {}]: XmlTree): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const [prefix, local] = split(name);
    if (prefix === '') element.setAttr(local, value);
    else element.setAttr(local, value, prefix);
  }
  if (typeof content === 'string') {
    if (content !== '') element.addText(content);
    return;
  }
  for (const child of content) {
    if (child === undefined) continue;
    const [prefix, name] = split(child[0]);
    fill(element.addElement(name, prefix), child);
  }
}

function prefixesOf([name, content, attributes = {}]: XmlTree): Set<string> {
  const found = new Set([name, ...Object.keys(attributes)].map((one) => split(one)[0]));
  if (typeof content !== 'string')
    for (const child of content) if (child !== undefined) for (const one of prefixesOf(child)) found.add(one);
  found.delete('');
  return found;
}

function split(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)];
}
