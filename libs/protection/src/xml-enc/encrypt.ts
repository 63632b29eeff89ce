/** Encryption of what one element holds, in a thread. */
import { X509Certificate } from 'node:crypto';
import { type EncryptOptions, encrypt } from 'xml-encryption';
import type { XmlCipher } from '#core';
import { nodes, parseStrictly, serialised, type XmlElement, type XmlTree } from '../xml/dom.ts';
import { elementAt } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';
import { AES256_GCM, RSA_OAEP, RSA_OAEP_MGF1P, XENC } from './encrypted-data.ts';

export type EncryptOrder = Parameters<XmlCipher['encrypt']>[1];

/** @throws XmlRefusal when the order does not fit the document: our own fault */
export async function encryptXml(xml: string, { at, certificate, oaep }: EncryptOrder): Promise<string> {
  const root = parseStrictly(xml);
  const element = elementAt(root, at);
  const content = [...nodes(element)];
  if (content.length === 0) throw new XmlRefusal('place');
  const data = await encryptedData(content.map(serialised).join(''), certificate, oaep === 'sha-1');
  const tree = root.ownerDocument as XmlTree;
  for (const node of content) element.removeChild(node);
  element.insertBefore(tree.importNode(data, true), null);
  return serialised(tree);
}

async function encryptedData(content: string, certificate: string, sha1: boolean): Promise<XmlElement> {
  const holder = new X509Certificate(certificate);
  const options: EncryptOptions = {
    rsa_pub: holder.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    pem: holder.toString(),
    encryptionAlgorithm: AES256_GCM,
    // without its own MGF, xmlenc11 rsa-oaep would mean MGF1 with SHA-1 under a SHA-256 digest
    ...(sha1
      ? { keyEncryptionAlgorithm: RSA_OAEP_MGF1P, keyEncryptionDigest: 'sha1' as const }
      : {
          keyEncryptionAlgorithm: RSA_OAEP,
          keyEncryptionDigest: 'sha256' as const,
          keyEncryptionMgf: 'sha256' as const,
        }),
    input_encoding: 'utf8',
  };
  const text = await new Promise<string>((resolve, reject) => {
    encrypt(content, options, (error, result) => (error === null ? resolve(result ?? '') : reject(error)));
  });
  const data = parseStrictly(text.trim());
  // the library always says that it is one element
  data.setAttribute('Type', `${XENC}Content`);
  return data;
}
