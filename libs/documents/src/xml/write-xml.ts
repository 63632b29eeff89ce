import { XmlDocument, type XmlElement } from 'libxml2-wasm';

/**
 * `['title', text]` or `['author', [children]]`, then attributes; undefined children are left out.
 * `p:name` takes the namespace that the prefix was declared for; a name without one is in that of its parent.
 */
export type XmlTree = readonly [
  name: string,
  content: string | readonly (XmlTree | string | undefined)[],
  attributes?: Readonly<Record<string, string | undefined>>,
];

/** A tree as UTF-8 bytes; libxml2 escapes every value, so that none can become markup. */
export function writeXml(
  tree: XmlTree,
  namespace: string,
  prefixes: Readonly<Record<string, string>> = {},
): Uint8Array {
  const document = XmlDocument.create();
  try {
    const [prefix, name] = split(tree[0]);
    const root = document.createRoot(name, prefix === undefined ? namespace : prefixes[prefix], prefix);
    for (const [one, uri] of Object.entries(prefixes)) if (one !== prefix) root.addNsDeclaration(uri, one);
    fill(root, tree);
    return new TextEncoder().encode(document.toString({ format: false }));
  } finally {
    document.dispose();
  }
}

function fill(element: XmlElement, [, content, attributes = {}]: XmlTree): void {
  for (const [qualified, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const [prefix, name] = split(qualified);
    element.setAttr(name, sayable(value), prefix);
  }
  if (typeof content === 'string') {
    element.addText(sayable(content));
    return;
  }
  for (const child of content) {
    if (child === undefined) continue;
    if (typeof child === 'string') {
      element.addText(sayable(child));
      continue;
    }
    const [prefix, name] = split(child[0]);
    fill(element.addElement(name, prefix), child);
  }
}

/** What XML 1.0 has no way to say (U+FFFE, half a character, control signs) is shown as unknown. */
function sayable(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

function split(qualified: string): [prefix: string | undefined, name: string] {
  const at = qualified.indexOf(':');
  return at < 0 ? [undefined, qualified] : [qualified.slice(0, at), qualified.slice(at + 1)];
}
