/** Documents in the shapes that the channels sign: a SAML assertion, and a SOAP envelope under WS-Security. */
import type { XmlSignOrder, XmlVerifyRule } from '#core';
import type { Signer } from './signers.ts';

export const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
export const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const SOAP = 'http://www.w3.org/2003/05/soap-envelope';

export const ASSERTION_ID = '_a0d3c1f8-5e53-4c8e-9d6a-2a1f6f3f0b11';

export function anAssertion({ id = ASSERTION_ID, nameId = '899700000001' } = {}): string {
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="${id}" IssueInstant="2026-06-02T10:00:00Z">
  <saml:Issuer>urn:interops:19900000000019:idp:essai:1</saml:Issuer>
  <saml:Subject><saml:NameID>${nameId}</saml:NameID></saml:Subject>
  <saml:AttributeStatement><saml:Attribute Name="PAGM"><saml:AttributeValue>éèœ &amp; &lt;test&gt;</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion>`;
}

export function assertionOrder(by: Signer): XmlSignOrder {
  const { certificate, key } = by;
  return { certificate, key, ids: [ASSERTION_ID], inside: ['Assertion'], after: 'Issuer' };
}

export function assertionRule(by: Signer): XmlVerifyRule {
  return { inside: ['Assertion'], certificate: by.certificate, signed: [['Assertion']], now: new Date() };
}

/** The security header holds an assertion (signed or not), a timestamp, and room for the message's own signature. */
export function anEnvelope(assertion = anAssertion()): string {
  return `<s:Envelope xmlns:s="${SOAP}" xmlns:wsu="${WSU}"><s:Header><wsse:Security xmlns:wsse="${WSSE}">${assertion}<wsu:Timestamp wsu:Id="TS-1"><wsu:Created>2026-06-02T10:00:00Z</wsu:Created><wsu:Expires>2026-06-02T10:05:00Z</wsu:Expires></wsu:Timestamp></wsse:Security></s:Header><s:Body wsu:Id="Body-1"><m:Depot xmlns:m="urn:relais:essai"><m:Numero>12</m:Numero></m:Depot></s:Body></s:Envelope>`;
}

export const SECURITY = ['Envelope', 'Header', 'Security'] as const;

export function envelopeOrder(by: Signer): XmlSignOrder {
  return {
    certificate: by.certificate,
    key: by.key,
    ids: [ASSERTION_ID, 'Body-1', 'TS-1'],
    inside: SECURITY,
    keyInfo: `<wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:KeyIdentifier ValueType="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID">${ASSERTION_ID}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`,
  };
}

export function envelopeRule(by: Signer): XmlVerifyRule {
  return {
    inside: SECURITY,
    certificate: by.certificate,
    signed: [
      ['Envelope', 'Body'],
      [...SECURITY, 'Timestamp'],
      [...SECURITY, 'Assertion'],
    ],
    now: new Date(),
  };
}

/** What each judge must be told: xmlsec1 knows no ID attribute by itself. */
export const ID_ATTRIBUTES = [
  '--id-attr:ID',
  'urn:oasis:names:tc:SAML:2.0:assertion:Assertion',
  '--id-attr:Id',
  `${SOAP}:Body`,
  '--id-attr:Id',
  `${WSU}:Timestamp`,
];
