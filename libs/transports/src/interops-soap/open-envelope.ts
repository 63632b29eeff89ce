/** The Body of a message, read from what its sender signed where the agreement says so, then decrypted. */

import type { XmlElement } from 'libxml2-wasm';
import { BrokerError, type InteropsSigners, type XmlCipher } from '#core';
import { unreadable } from '../soap/read-xml.ts';
import { AT, FRESH_MS, NS, SKEW_MS } from './names.ts';
import { instantOf, is, only, optional, readText, soleChild, value } from './read-xml.ts';
import { maySign, type VectorPorts } from './verify-vector.ts';

export interface MessageRule {
  /** who must have signed Timestamp and Body (and the vector, where there is one); absent = TLS answers for them */
  signers?: InteropsSigners;
  withVector: boolean;
  sha1Until?: string;
  now: Date;
  maxBytes?: number;
}

export interface Decryption {
  cipher: XmlCipher;
  /** PEM private keys, newest first */
  keys: readonly string[];
  /** whether clear content is refused */
  required: boolean;
  oaepSha1: boolean;
}

/**
 * Reads the operation in Body.
 * @throws BrokerError `xml.signature-invalid`: not signed as agreed, by somebody else, or no longer fresh
 */
export async function openEnvelope<T>(
  xml: string,
  rule: MessageRule,
  ports: Pick<VectorPorts, 'signatures' | 'signerFault' | 'namesOf'>,
  decryption: Decryption | undefined,
  read: (operation: XmlElement) => T,
): Promise<T> {
  const signedBody =
    rule.signers === undefined ? undefined : await verifiedBody(xml, rule.signers, rule, ports);
  const body = await decrypted(signedBody ?? xml, signedBody === undefined ? AT.body : ['Body'], decryption);
  return readText(body, (root) => {
    const element = signedBody === undefined ? bodyOf(root) : root;
    if (!is(element, NS.soap, 'Body')) throw unreadable();
    return read(soleChild(element));
  });
}

/** @returns the canonical text of Body: what was signed, and the only thing to read */
async function verifiedBody(
  xml: string,
  signers: InteropsSigners,
  { maxBytes, now, sha1Until, withVector }: MessageRule,
  ports: Pick<VectorPorts, 'signatures' | 'signerFault' | 'namesOf'>,
): Promise<string> {
  const certificate = await ports.signatures.claimedSigner(xml, AT.security);
  const { signed } = await ports.signatures.verify(xml, {
    inside: AT.security,
    certificate,
    signed: [AT.timestamp, AT.body, ...(withVector ? [AT.assertion] : [])],
    now,
    ...(sha1Until === undefined ? {} : { sha1Until }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  if (ports.signerFault(certificate, now) !== undefined || !maySign(signers, certificate, ports))
    throw new BrokerError('xml.signature-invalid');
  const [timestamp = '', body = ''] = signed;
  if (!readText(timestamp, (root) => isFresh(root, now))) throw new BrokerError('xml.signature-invalid');
  return body;
}

function isFresh(timestamp: XmlElement, now: Date): boolean {
  const created = Date.parse(instantOf(value(only(timestamp, NS.wsu, 'Created'))));
  const expires = Date.parse(instantOf(value(only(timestamp, NS.wsu, 'Expires'))));
  const at = now.getTime();
  const soon = created + FRESH_MS;
  return created - SKEW_MS <= at && at < Math.min(expires, soon) + SKEW_MS;
}

async function decrypted(
  xml: string,
  at: readonly string[],
  decryption: Decryption | undefined,
): Promise<string> {
  const isEncrypted = readText(xml, (root) => {
    const body = at.length === 1 ? root : bodyOf(root);
    return optional(body, NS.xenc, 'EncryptedData') !== undefined;
  });
  if (!isEncrypted) {
    if (decryption?.required === true) throw new BrokerError('xml.encryption-invalid');
    return xml;
  }
  if (decryption === undefined) throw new BrokerError('xml.encryption-invalid');
  const { cipher, keys, oaepSha1 } = decryption;
  return cipher.decrypt(xml, { at, keys, ...(oaepSha1 ? { oaepSha1 } : {}) });
}

function bodyOf(root: XmlElement): XmlElement {
  if (!is(root, NS.soap, 'Envelope')) throw unreadable();
  return only(root, NS.soap, 'Body');
}

/** Whether somebody put a message signature there at all. */
export function isSigned(xml: string): boolean {
  return readText(xml, (root) => {
    const header = is(root, NS.soap, 'Envelope') ? optional(root, NS.soap, 'Header') : undefined;
    const security = header && optional(header, NS.wsse, 'Security');
    return security !== undefined && optional(security, NS.ds, 'Signature') !== undefined;
  });
}
