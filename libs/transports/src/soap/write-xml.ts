import { XmlDocument, type XmlElement } from 'libxml2-wasm';

/** `['wsa:To', text]` or `['soap:Body', [children]]`, then attributes; undefined children are left out. */
export type XmlTree = readonly [
  name: string,
  content: string | readonly (XmlTree | undefined)[],
  attributes?: Readonly<Record<string, string | undefined>>,
];

/**
 * A tree as XML text without declaration; libxml2 escapes every value, so that none can become markup.
 * @param namespaces by prefix, all declared on the root
 */
export function writeXml(tree: XmlTree, namespaces: Readonly<Record<string, string>>): string {
  const document = XmlDocument.create();
  try {
    const [prefix, name] = split(tree[0]);
    const root = document.createRoot(name, namespaces[prefix], prefix);
    for (const [other, uri] of Object.entries(namespaces)) {
      if (other !== prefix) root.addNsDeclaration(uri, other);
    }
    fill(root, tree);
    return document.toString({ format: false, noDeclaration: true }).trimEnd();
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
    element.addText(content);
    return;
  }
  for (const child of content) {
    if (child === undefined) continue;
    const [prefix, name] = split(child[0]);
    fill(element.addElement(name, prefix), child);
  }
}

function split(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, Math.max(colon, 0)), name.slice(colon + 1)];
}
