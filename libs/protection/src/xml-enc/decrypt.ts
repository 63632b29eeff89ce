/** Decryption of what one element holds, in a thread. */
import { createPrivateKey } from 'node:crypto';
import { decrypt } from 'xml-encryption';
import type { XmlCipher, XmlPlace } from '#core';
import {
  elements,
  nodes,
  parseStrictly,
  serialised,
  type XmlElement,
  type XmlNode,
  type XmlTree,
} from '../xml/dom.ts';
import { elementAt } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { plainEncryptedData } from './encrypted-data.ts';

export type DecryptOrder = Parameters<XmlCipher['decrypt']>[1];

/** @throws XmlRefusal, whatever is wrong with the document */
export async function decryptXml(xml: string, { at, keys, oaepSha1 }: DecryptOrder): Promise<string> {
  const pems = keys.map((key) => createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }) as string);
  try {
    return await decryptAt(xml, at, pems, oaepSha1 === true);
  } catch {
    throw new XmlRefusal('encryption');
  }
}

async function decryptAt(xml: string, at: XmlPlace, keys: readonly string[], sha1: boolean): Promise<string> {
  const root = parseStrictly(xml);
  const element = elementAt(root, at);
  const [data, other] = elements(element);
  if (data === undefined || other !== undefined) throw new XmlRefusal('encryption');
  const content = await opened(plainEncryptedData(data, root, sha1), keys);
  const tree = root.ownerDocument as XmlTree;
  for (const node of fragment(content, element)) element.insertBefore(tree.importNode(node, true), data);
  element.removeChild(data);
  return serialised(tree);
}

/** With the first key that opens it: during a rotation there are two. */
async function opened(data: string, keys: readonly string[]): Promise<string> {
  for (const key of keys) {
    const content = await new Promise<string | undefined>((resolve) => {
      decrypt(data, { key, warnInsecureAlgorithm: false }, (error, result) =>
        resolve(error === null ? result : undefined),
      );
    });
    if (content !== undefined) return content;
  }
  throw new XmlRefusal('encryption');
}

/** Parsed apart, under the names that are bound where it goes: what is inside cannot close what is outside. */
function fragment(content: string, context: XmlElement): XmlNode[] {
  const bound = new Map<string, string>();
  for (let at: XmlNode | null = context; at !== null; at = at.parentNode)
    for (const { name, value } of Array.from((at as XmlElement).attributes ?? []))
      if ((name === 'xmlns' || name.startsWith('xmlns:')) && !bound.has(name)) bound.set(name, value);
  const names = [...bound].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  return [...nodes(parseStrictly(`<content${names}>${content}</content>`))];
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
