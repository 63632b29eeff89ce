/** The identification vector (VI): a SAML 2.0 assertion, drawn anew for every attempt. */
import { randomUUID } from 'node:crypto';
import type { XmlSignatures } from '#core';
import { writeXml, type XmlTree } from '../soap/write-xml.ts';
import { BEARER, NAME_FORMATS, NS, PAGM } from './names.ts';

export interface VectorOrder {
  /** see `vectorId` */
  id: string;
  issuer: string;
  /** the application, or a person's persistent pseudonym: never a name */
  subject: string;
  /** URN of the provider, and URI of its service */
  recipient: string;
  audience: string;
  at: Date;
  /** seconds, from a little before `at`: at most the agreement's viDuree */
  seconds: number;
  authenticationClass: string;
  pagm: readonly string[];
}

/** of the life of a vector, for a clock that is late */
const BEFORE_MS = 5_000;

/** A bare UUID, as one verifier wants it, that begins with a letter, as xs:ID wants it. */
export function vectorId(draw: () => string = randomUUID): string {
  for (;;) {
    const id = draw();
    if (/^[a-f]/.test(id)) return id;
  }
}

/** `urn:interops:<SIRET>:idp:<name>:<version>` */
export function vectorIssuer(siret: string, { name, version }: { name: string; version: string }): string {
  return `urn:interops:${siret}:idp:${name}:${version}`;
}

export function writeVector(order: VectorOrder): string {
  const { at, audience, authenticationClass, id, issuer, pagm, recipient, seconds, subject } = order;
  const from = new Date(at.getTime() - BEFORE_MS);
  const until = new Date(from.getTime() + seconds * 1000).toISOString();
  const assertion: XmlTree = [
    'saml2:Assertion',
    [
      ['saml2:Issuer', issuer],
      [
        'saml2:Subject',
        [
          ['saml2:NameID', subject, { Format: NAME_FORMATS[0] }],
          [
            'saml2:SubjectConfirmation',
            [['saml2:SubjectConfirmationData', '', { NotOnOrAfter: until, Recipient: recipient }]],
            { Method: BEARER },
          ],
        ],
      ],
      [
        'saml2:Conditions',
        [['saml2:AudienceRestriction', [['saml2:Audience', audience]]]],
        { NotBefore: from.toISOString(), NotOnOrAfter: until },
      ],
      [
        'saml2:AuthnStatement',
        [['saml2:AuthnContext', [['saml2:AuthnContextClassRef', authenticationClass]]]],
        { AuthnInstant: at.toISOString(), SessionIndex: id },
      ],
      [
        'saml2:AttributeStatement',
        [['saml2:Attribute', pagm.map((name) => ['saml2:AttributeValue', name] as const), { Name: PAGM }]],
      ],
    ],
    { ID: id, Version: '2.0', IssueInstant: at.toISOString() },
  ];
  return writeXml(assertion, { saml2: NS.saml2 });
}

/** The same, with its enveloped signature after Issuer, as SAML's schema wants it. */
export function signVector(
  signatures: XmlSignatures,
  order: VectorOrder,
  seal: { certificate: string; key: string },
): Promise<string> {
  const { certificate, key } = seal;
  return signatures.sign(writeVector(order), {
    certificate,
    key,
    ids: [order.id],
    inside: ['Assertion'],
    after: 'Issuer',
  });
}
