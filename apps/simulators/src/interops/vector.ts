/** The vector of an organisation: SAML 2.0 written as text, each value of it open to be made wrong. */
import { randomUUID } from 'node:crypto';
import { type Seal, signed } from './sign.ts';

export interface VectorFacts {
  id: string;
  issuer: string;
  subject: string;
  recipient: string;
  audience: string;
  from: Date;
  until: Date;
  authenticationClass: string;
  pagm: readonly string[];
  seal: Seal;
  sha1: boolean;
  /** the assertion leaves without any signature */
  unsigned: boolean;
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** An xs:ID that is a UUID. */
export function newId(): string {
  for (;;) {
    const id = randomUUID();
    if (/^[a-f]/.test(id)) return id;
  }
}

export function vector(facts: VectorFacts): string {
  const { audience, authenticationClass, from, id, issuer, pagm, recipient, subject, until } = facts;
  const end = until.toISOString();
  const values = pagm.map((name) => `<saml2:AttributeValue>${escaped(name)}</saml2:AttributeValue>`).join('');
  const attributes =
    pagm.length === 0
      ? ''
      : `<saml2:AttributeStatement><saml2:Attribute Name="PAGM">${values}</saml2:Attribute></saml2:AttributeStatement>`;
  const xml = [
    `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${from.toISOString()}" Version="2.0">`,
    `<saml2:Issuer>${escaped(issuer)}</saml2:Issuer>`,
    '<saml2:Subject>',
    `<saml2:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escaped(subject)}</saml2:NameID>`,
    '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml2:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${escaped(recipient)}"/>`,
    '</saml2:SubjectConfirmation></saml2:Subject>',
    `<saml2:Conditions NotBefore="${from.toISOString()}" NotOnOrAfter="${end}">`,
    `<saml2:AudienceRestriction><saml2:Audience>${escaped(audience)}</saml2:Audience></saml2:AudienceRestriction>`,
    '</saml2:Conditions>',
    `<saml2:AuthnStatement AuthnInstant="${from.toISOString()}" SessionIndex="${id}"><saml2:AuthnContext>`,
    `<saml2:AuthnContextClassRef>${escaped(authenticationClass)}</saml2:AuthnContextClassRef>`,
    '</saml2:AuthnContext></saml2:AuthnStatement>',
    attributes,
    '</saml2:Assertion>',
  ].join('');
  if (facts.unsigned) return xml;
  return signed(xml, {
    seal: facts.seal,
    ids: [id],
    at: { reference: `/*/*[local-name()='Issuer']`, action: 'after' },
    enveloped: true,
    sha1: facts.sha1,
  });
}
