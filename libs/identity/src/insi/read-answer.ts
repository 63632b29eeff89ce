import type { XmlElement } from 'libxml2-wasm';
import type { Ins, Traits } from '#core';
import { nirKey } from '../nir-key.ts';
import { badAnswer } from './bad-answer.ts';
import { faultError } from './fault.ts';
import type { InsiAnswer, InsiIdentity } from './insi-search.ts';
import { NAMESPACES, RESULT } from './namespaces.ts';
import { children, only, optional, readXml, text } from './read-xml.ts';

const OUTCOMES: ReadonlyMap<string, InsiAnswer['outcome']> = new Map([
  ['00', 'found'],
  ['01', 'none'],
  ['02', 'several'],
]);

export type OneAnswer = Pick<InsiAnswer, 'outcome' | 'identity'>;

/**
 * Reads a RESULTAT by namespace, in any order and under any prefix: real answers do not follow their XSD
 * (DateDeb before IdIndividu, a period that ends before it starts, keys that are not modulo-97).
 *
 * @param oids those that may be an active matricule here; a test OID is refused in production
 * @throws BrokerError the fault's own, or `transport.bad-answer` (hold)
 */
export function readAnswer(bytes: Uint8Array, oids: ReadonlySet<string>): OneAnswer {
  return readXml(bytes, (root) => {
    const body = bodyOf(root);
    const fault = optional(body, NAMESPACES.soap, 'Fault');
    if (fault !== undefined) throw faultError(fault);
    return readResult(only(body, RESULT, 'RESULTAT'), oids);
  });
}

/** The fault inside an answer that is not a success; undefined when there is none. */
export function readFault(bytes: Uint8Array): ReturnType<typeof faultError> | undefined {
  return readXml(bytes, (root) => {
    const fault = optional(bodyOf(root), NAMESPACES.soap, 'Fault');
    return fault === undefined ? undefined : faultError(fault);
  });
}

function bodyOf(root: XmlElement): XmlElement {
  if (root.name !== 'Envelope' || root.namespaceUri !== NAMESPACES.soap)
    throw badAnswer('no SOAP 1.2 envelope');
  return only(root, NAMESPACES.soap, 'Body');
}

function readResult(result: XmlElement, oids: ReadonlySet<string>): OneAnswer {
  const outcome = OUTCOMES.get(leaf(only(result, RESULT, 'CR'), 'CodeCR'));
  if (outcome === undefined) throw badAnswer('CodeCR is not 00, 01 or 02');
  if (outcome !== 'found') return { outcome };
  return { outcome, identity: readIdentity(only(result, RESULT, 'INDIVIDU'), oids) };
}

function readIdentity(person: XmlElement, oids: ReadonlySet<string>): InsiIdentity {
  const ins = readIns(only(person, RESULT, 'INSACTIF'));
  if (!oids.has(ins.oid)) throw badAnswer('the OID of the active matricule is not accepted here');
  const history = children(person, RESULT, 'INSHISTO').map(readIns);
  const keyMismatch = [ins, ...history].some(({ value, key }) => nirKey(value) !== key);
  return { ins, history, traits: readTraits(only(person, RESULT, 'TIQ')), keyMismatch };
}

/** The XSD lets the key be absent: it is then the computed one, since nothing was said against it. */
function readIns(element: XmlElement): Ins {
  const matricule = only(element, RESULT, 'IdIndividu');
  const value = matching(leaf(matricule, 'NumIdentifiant'), /^\d{6}[A-Za-z0-9]\d{6}$/, 'NumIdentifiant');
  const key = optionalLeaf(matricule, 'Cle') ?? nirKey(value) ?? '';
  return {
    value,
    key: matching(key, /^\d{2}$/, 'Cle'),
    oid: matching(leaf(element, 'OID'), /^\d+(\.\d+){3,20}$/, 'OID'),
  };
}

function readTraits(tiq: XmlElement): Traits {
  const birthName = leaf(tiq, 'NomNaissance');
  const firstNames = (optionalLeaf(tiq, 'ListePrenom') ?? leaf(tiq, 'Prenom')).split(/\s+/).filter(Boolean);
  const sex = leaf(tiq, 'Sexe');
  const birthPlace = optionalLeaf(tiq, 'LieuNaissance');
  if (birthName === '' || firstNames.length === 0) throw badAnswer('TIQ without a name');
  if (sex !== 'M' && sex !== 'F') throw badAnswer('Sexe is not M or F');
  return {
    birthName,
    firstNames,
    sex,
    birthDate: matching(leaf(tiq, 'DateNaissance'), /^\d{4}-\d{2}-\d{2}$/, 'DateNaissance'),
    ...(birthPlace ? { birthPlace: matching(birthPlace, /^[A-Za-z0-9]{5}$/, 'LieuNaissance') } : {}),
  };
}

function leaf(parent: XmlElement, name: string): string {
  return text(only(parent, RESULT, name));
}

function optionalLeaf(parent: XmlElement, name: string): string | undefined {
  const element = optional(parent, RESULT, name);
  return element && text(element);
}

function matching(value: string, pattern: RegExp, name: string): string {
  if (!pattern.test(value)) throw badAnswer(`${name} is not of its form`);
  return value;
}
