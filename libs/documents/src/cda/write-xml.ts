import { XmlDocument, type XmlElement } from 'libxml2-wasm';

/** `['title', text]` or `['author', [children]]`, then attributes; undefined children are left out. */
export type XmlTree = readonly [
  name: string,
  content: string | readonly (XmlTree | undefined)[],
  attributes?: Readonly<Record<string, string | undefined>>,
];

/** A tree in one namespace as UTF-8 bytes; libxml2 escapes every value, so that none can become markup. */
export function writeXml(tree: XmlTree, namespace: string): Uint8Array {
  const document = XmlDocument.create();
  try {
    fill(document.createRoot(tree[0], namespace), tree);
    return new TextEncoder().encode(document.toString({ format: false }));
  } finally {
    document.dispose();
  }
}

function fill(element: XmlElement, [, content, attributes = {}]: XmlTree): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttr(name, value);
  }
  if (typeof content === 'string') {
    element.addText(content);
    return;
  }
  for (const child of content) {
    if (child !== undefined) fill(element.addElement(child[0]), child);
  }
}
