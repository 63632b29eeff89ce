/** VIHF as ANS's table says it, for an automatic process in indirect mode. */
import type { XmlElement } from 'libxml2-wasm';
import { structureOf, verifySignature } from './verify-signature.ts';
import { all, attribute, textAt, withXml } from './xml.ts';

export interface Caller {
  /** national id of the structure */
  structure: string;
  /** 15 characters, and the OID of its kind */
  matricule: string;
  oid: string;
  assertionId: string;
  /** of its seal */
  fingerprint: string;
}

export interface VihfRule {
  /** PEM of IGC Santé */
  anchors: string;
  /** OU of the TLS client certificate */
  structure: string;
  versions: readonly string[];
  sectors: readonly string[];
  homologations: readonly string[];
  /** ids of assertions that came before */
  seen: ReadonlySet<string>;
  now: Date;
}

const PLACE = '/soap:Envelope/soap:Header/wsse:Security/saml:Assertion';
const LONGEST_MS = 15 * 60_000;
const XSPA = 'urn:oasis:names:tc:xspa:1.0:subject';
const RESOURCE =
  /^([0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8})\^\^\^&(1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11))&ISO\^NH$/;

/** @returns who calls, or what is wrong with the assertion */
export function checkVihf(envelope: string, rule: VihfRule): Caller | string {
  const signed = verifySignature(envelope, `${PLACE}/ds:Signature`, rule.anchors, rule.now);
  if (signed === undefined || signed.references.length !== 1) return 'signature';
  if (structureOf(signed.certificate.subject) !== rule.structure) return 'seal of another structure';
  const dn = signed.certificate.subject.split('\n').reverse().join(',');
  // nothing is read but what was signed
  const read = withXml(signed.references[0] ?? '', (assertion) => readAssertion(assertion, dn, rule));
  if (read === undefined) return 'unreadable';
  return typeof read === 'string' ? read : { ...read, fingerprint: signed.certificate.fingerprint256 };
}

function readAssertion(
  assertion: XmlElement,
  dn: string,
  rule: VihfRule,
): Omit<Caller, 'fingerprint'> | string {
  const id = attribute(assertion, 'ID') ?? '';
  if (assertion.name !== 'Assertion' || attribute(assertion, 'Version') !== '2.0') return 'version of SAML';
  if (id === '' || rule.seen.has(id)) return 'replayed';
  const issuer = all(assertion, 'saml:Issuer')[0];
  if (attribute(issuer, 'Format') !== 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName')
    return 'format of the issuer';
  if (issuer?.content !== dn) return 'issuer';
  if ((textAt(assertion, 'saml:Subject/saml:NameID') ?? '') === '') return 'nobody responsible';
  if (all(assertion, './/saml:AudienceRestriction').length > 0) return 'audience';
  const dates = checkDates(assertion, rule.now);
  if (dates !== undefined) return dates;
  const context = textAt(assertion, 'saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef');
  if (context !== 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified') return 'authentication context';
  return readAttributes(assertion, id, rule);
}

function checkDates(assertion: XmlElement, now: Date): string | undefined {
  const conditions = all(assertion, 'saml:Conditions')[0];
  const instant = (name: string) => Date.parse(attribute(conditions, name) ?? '');
  const [from, to] = [instant('NotBefore'), instant('NotOnOrAfter')];
  if (!(from <= now.getTime() && now.getTime() < to)) return 'dates';
  if (to - from > LONGEST_MS) return 'life';
  const authenticated = attribute(all(assertion, 'saml:AuthnStatement')[0], 'AuthnInstant') ?? '';
  return Number.isNaN(Date.parse(authenticated)) ? 'authentication instant' : undefined;
}

function readAttributes(
  assertion: XmlElement,
  assertionId: string,
  { structure, versions, sectors, homologations }: VihfRule,
): Omit<Caller, 'fingerprint'> | string {
  const place = (name: string) =>
    `saml:AttributeStatement/saml:Attribute[@Name="${name}"]/saml:AttributeValue`;
  const value = (name: string) => textAt(assertion, place(name)) ?? '';
  const code = (name: string, element: string) => all(assertion, `${place(name)}/hl7:${element}`)[0];
  if (!versions.includes(value('VIHF_Version'))) return 'VIHF_Version';
  if (value('Authentification_Mode') !== 'INDIRECTE') return 'Authentification_Mode';
  if (value('Identifiant_Structure') !== structure) return 'Identifiant_Structure';
  if (!sectors.map((one) => `${one}^1.2.250.1.71.4.2.4`).includes(value('Secteur_Activite')))
    return 'Secteur_Activite';
  if (value('Ressource_URN') !== 'urn:dmp') return 'Ressource_URN';
  if (value(`${XSPA}:subject-id`) === '') return 'subject-id';
  const role = code('urn:oasis:names:tc:xacml:2.0:subject:role', 'Role');
  if (attribute(role, 'code') !== 'AUTOMATE' || attribute(role, 'codeSystem') !== '1.2.250.1.213.1.1.4.6')
    return 'role';
  const purpose = code(`${XSPA}:purposeofuse`, 'PurposeOfUse');
  const isNormal =
    attribute(purpose, 'code') === 'normal' && attribute(purpose, 'codeSystem') === '1.2.250.1.213.1.1.4.248';
  if (!isNormal) return 'purposeofuse';
  if (value('LPS_Nom') === '' || value('LPS_Version') === '') return 'LPS';
  if (!homologations.includes(value('LPS_ID_HOMOLOGATION_DMP'))) return 'LPS_ID_HOMOLOGATION_DMP';
  const resource = RESOURCE.exec(value('urn:oasis:names:tc:xacml:2.0:resource:resource-id'));
  if (resource === null) return 'resource-id';
  return { structure, matricule: resource[1] as string, oid: resource[2] as string, assertionId };
}
