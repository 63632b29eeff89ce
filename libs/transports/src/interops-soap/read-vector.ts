/** What a vector says, by the rules of its profile: anything else is no vector. */
import type { XmlElement } from 'libxml2-wasm';
import { unreadable } from '../soap/read-xml.ts';
import { BEARER, NS, PAGM } from './names.ts';
import { attribute, children, elements, instantOf, is, only, optional, value } from './read-xml.ts';

export interface Vector {
  id: string;
  issuer: string;
  /** NameID: a pseudonym of the caller's organisation, for its own traces */
  subject: string;
  recipient: string;
  audience: string;
  /** instants */
  from: string;
  /** the earlier of the two ends that it states */
  until: string;
  authenticationClass: string;
  pagm: readonly string[];
}

const PARTS = ['Issuer', 'Signature', 'Subject', 'Conditions', 'AuthnStatement', 'AttributeStatement'];
const MOST_PAGM = 64;

/** @throws BrokerError `transport.bad-answer`: not SAML 2.0, or not this profile */
export function readVector(assertion: XmlElement): Vector {
  if (!is(assertion, NS.saml2, 'Assertion')) throw unreadable();
  if (attribute(assertion, 'Version') !== '2.0') throw unreadable();
  instantOf(attribute(assertion, 'IssueInstant'));
  inOrder(assertion);
  const issuer = only(assertion, NS.saml2, 'Issuer');
  const conditions = only(assertion, NS.saml2, 'Conditions');
  const { audience } = audienceOf(conditions);
  const { recipient, subject, until: confirmedUntil } = subjectOf(only(assertion, NS.saml2, 'Subject'));
  const statement = only(assertion, NS.saml2, 'AuthnStatement');
  instantOf(attribute(statement, 'AuthnInstant'));
  const context = only(statement, NS.saml2, 'AuthnContext');
  const until = instantOf(attribute(conditions, 'NotOnOrAfter'));
  return {
    id: idOf(assertion),
    issuer: value(issuer),
    subject,
    recipient,
    audience,
    from: instantOf(attribute(conditions, 'NotBefore')),
    until: until < confirmedUntil ? until : confirmedUntil,
    authenticationClass: value(only(context, NS.saml2, 'AuthnContextClassRef')),
    pagm: pagmOf(assertion),
  };
}

/** A bare UUID may begin with a digit, which xs:ID does not allow: peers draw them so. */
function idOf(assertion: XmlElement): string {
  const id = attribute(assertion, 'ID');
  if (!/^[A-Za-z0-9_][\w.-]{15,127}$/.test(id)) throw unreadable();
  return id;
}

/** Each part once at most, in the order of the schema, and nothing beside them. */
function inOrder(assertion: XmlElement): void {
  let last = -1;
  for (const part of elements(assertion)) {
    const place = PARTS.indexOf(part.name);
    const namespace = part.name === 'Signature' ? NS.ds : NS.saml2;
    if (place <= last || part.namespaceUri !== namespace) throw unreadable();
    last = place;
  }
}

function subjectOf(element: XmlElement): { subject: string; recipient: string; until: string } {
  const confirmation = only(element, NS.saml2, 'SubjectConfirmation');
  if (attribute(confirmation, 'Method') !== BEARER) throw unreadable();
  const data = only(confirmation, NS.saml2, 'SubjectConfirmationData');
  return {
    subject: value(only(element, NS.saml2, 'NameID')),
    recipient: attribute(data, 'Recipient'),
    until: instantOf(attribute(data, 'NotOnOrAfter')),
  };
}

function audienceOf(conditions: XmlElement): { audience: string } {
  const restriction = only(conditions, NS.saml2, 'AudienceRestriction');
  return { audience: value(only(restriction, NS.saml2, 'Audience')) };
}

/** Names of the PAGM attribute; none is for a later step to judge. */
function pagmOf(assertion: XmlElement): string[] {
  const statement = optional(assertion, NS.saml2, 'AttributeStatement');
  const attributes = statement === undefined ? [] : children(statement, NS.saml2, 'Attribute');
  const named = attributes.filter((one) => attribute(one, 'Name') === PAGM);
  if (named.length > 1) throw unreadable();
  const values = named.flatMap((one) => children(one, NS.saml2, 'AttributeValue')).map(value);
  if (values.length > MOST_PAGM) throw unreadable();
  return values;
}
