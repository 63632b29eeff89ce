/** Contenu: what an operation carries, inline or beside it (MTOM), under a digest that its signed element states. */
import type { XmlElement } from 'libxml2-wasm';
import { digestOf } from '#core';
import { unreadable } from '../soap/read-xml.ts';
import type { XmlTree } from '../soap/write-xml.ts';
import { NS } from './names.ts';
import { attribute, elements, is, textOf } from './read-xml.ts';

export interface Carried {
  mediaType: string;
  bytes: Uint8Array;
}

export type Attachments = ReadonlyMap<string, Uint8Array>;

/** @param contentId where the bytes lie beside the envelope; absent = inline, in base64 */
export function contentTree({ mediaType, bytes }: Carried, contentId?: string): XmlTree {
  const attributes = { typeMedia: mediaType, empreinte: digestOf(bytes) };
  return contentId === undefined
    ? ['io:Contenu', Buffer.from(bytes).toString('base64'), attributes]
    : ['io:Contenu', [['xop:Include', [], { href: `cid:${contentId}` }]], attributes];
}

/** @throws BrokerError `transport.bad-answer` when bytes are missing, or others than those whose digest was stated */
export function readContent(element: XmlElement, attachments: Attachments): Carried {
  const [include, ...more] = elements(element);
  if (more.length > 0 || (include !== undefined && !is(include, NS.xop, 'Include'))) throw unreadable();
  const bytes = include === undefined ? inline(textOf(element)) : attached(include, attachments);
  if (digestOf(bytes) !== attribute(element, 'empreinte')) throw unreadable();
  return { mediaType: attribute(element, 'typeMedia'), bytes };
}

function attached(include: XmlElement, attachments: Attachments): Uint8Array {
  const href = attribute(include, 'href');
  if (!href.startsWith('cid:')) throw unreadable();
  const bytes = attachments.get(decoded(href.slice(4)));
  if (bytes === undefined) throw unreadable();
  return bytes;
}

/** RFC 2392: a Content-ID in a URL is percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw unreadable();
  }
}

function inline(text: string): Uint8Array {
  const compact = text.replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  // Buffer passes over what is not base64: what does not come back is not what was sent
  if (bytes.toString('base64') !== compact) throw unreadable();
  return bytes;
}
