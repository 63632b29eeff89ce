/**
 * EncryptedData as XML-Enc 1.1 draws it, with the algorithms of ours and nothing else. What is read here is written
 * anew for xml-encryption, which would look for its parts by name all over the document.
 */
import { elements, nodes, TEXT, type XmlElement } from '../xml/dom.ts';
import { DSIG, elementById } from '../xml/places.ts';
import { XmlRefusal } from '../xml/xml-refusal.ts';

export const XENC = 'http://www.w3.org/2001/04/xmlenc#';
export const XENC11 = 'http://www.w3.org/2009/xmlenc11#';
export const AES256_GCM = `${XENC11}aes256-gcm`;
export const RSA_OAEP = `${XENC11}rsa-oaep`;
/** MGF1 is SHA-1 by its name, whatever digest goes with it */
export const RSA_OAEP_MGF1P = `${XENC}rsa-oaep-mgf1p`;
const SHA256 = `${XENC}sha256`;
const SHA1 = `${DSIG}sha1`;
const MGF1_SHA256 = `${XENC11}mgf1sha256`;
/** IV of 96 bits and tag of 128: a shorter text would have a shorter tag */
const SHORTEST = 28;

/** @returns a document of one EncryptedData that holds its key. @throws XmlRefusal */
export function plainEncryptedData(data: XmlElement, root: XmlElement, sha1: boolean): string {
  if (data.localName !== 'EncryptedData' || data.namespaceURI !== XENC) throw refused();
  const { EncryptionMethod: method, KeyInfo: keyInfo, CipherData: cipher } = childrenOf(data);
  if (algorithmOf(method) !== AES256_GCM || elements(method as XmlElement).length > 0) throw refused();
  const key = childrenOf(encryptedKeyOf(keyInfo, root));
  const keyMethod = keyMethodOf(key['EncryptionMethod'], sha1);
  return `<xenc:EncryptedData xmlns:xenc="${XENC}"><xenc:EncryptionMethod Algorithm="${AES256_GCM}"/><KeyInfo xmlns="${DSIG}"><xenc:EncryptedKey>${keyMethod}<xenc:CipherData><xenc:CipherValue>${base64Of(key['CipherData'], 256)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></KeyInfo><xenc:CipherData><xenc:CipherValue>${base64Of(cipher, SHORTEST)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`;
}

/** Inside KeyInfo, or in the security header where a reference of it leads (WS-Security). */
function encryptedKeyOf(keyInfo: XmlElement | undefined, root: XmlElement): XmlElement {
  const inside = keyInfo === undefined ? [] : elements(keyInfo);
  const [only, other] = inside;
  if (only === undefined || other !== undefined) throw refused();
  if (only.localName === 'EncryptedKey' && only.namespaceURI === XENC) return only;
  const pointer = only.localName === 'SecurityTokenReference' ? elements(only)[0] : only;
  const uri = pointer?.getAttribute('URI') ?? '';
  if (!uri.startsWith('#')) throw refused();
  const key = elementById(root, uri.slice(1));
  if (key.localName !== 'EncryptedKey' || key.namespaceURI !== XENC) throw refused();
  return key;
}

function keyMethodOf(method: XmlElement | undefined, sha1: boolean): string {
  const { DigestMethod: digest, MGF: mgf, ...rest } = childrenOf(method);
  if (Object.keys(rest).length > 0) throw refused();
  const name = algorithmOf(method);
  if (name === RSA_OAEP && algorithmOf(digest) === SHA256 && algorithmOf(mgf) === MGF1_SHA256)
    return `<xenc:EncryptionMethod Algorithm="${RSA_OAEP}"><MGF xmlns="${XENC11}" Algorithm="${MGF1_SHA256}"/><DigestMethod Algorithm="${SHA256}"/></xenc:EncryptionMethod>`;
  const plain = mgf === undefined && (digest === undefined || algorithmOf(digest) === SHA1);
  if (sha1 && name === RSA_OAEP_MGF1P && plain)
    return `<xenc:EncryptionMethod Algorithm="${RSA_OAEP_MGF1P}"><DigestMethod Algorithm="${SHA1}"/></xenc:EncryptionMethod>`;
  throw refused();
}

/** Each name once. */
function childrenOf(element: XmlElement | undefined): Record<string, XmlElement | undefined> {
  const found: Record<string, XmlElement> = Object.create(null);
  for (const child of element === undefined ? [] : elements(element)) {
    if (found[child.localName] !== undefined) throw refused();
    found[child.localName] = child;
  }
  return found;
}

function algorithmOf(element: XmlElement | undefined): string {
  return element?.getAttribute('Algorithm') ?? '';
}

/** Base64 of one text, without its line breaks. */
function base64Of(cipherData: XmlElement | undefined, shortest: number): string {
  const [value, other] = cipherData === undefined ? [] : elements(cipherData);
  if (value?.localName !== 'CipherValue' || other !== undefined) throw refused();
  const [text, more] = [...nodes(value)];
  if (text?.nodeType !== TEXT || more !== undefined) throw refused();
  const base64 = (text.nodeValue ?? '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || Buffer.from(base64, 'base64').length < shortest)
    throw refused();
  return base64;
}

function refused(): XmlRefusal {
  return new XmlRefusal('encryption');
}
