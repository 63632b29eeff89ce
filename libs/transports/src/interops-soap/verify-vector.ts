/** The eleven steps by which a vector is believed, in their order, and what a fault says of each (facts §6.3). */
import { X509Certificate } from 'node:crypto';
import {
  agreementInForce,
  BrokerError,
  type ErrorCode,
  type InteropsChannel,
  type InteropsSigners,
  type Pagm,
  type PartnerId,
  type XmlPlace,
  type XmlSignatures,
} from '#core';
import { NS, SKEW_MS, type VectorFault } from './names.ts';
import { readVector, type Vector } from './read-vector.ts';
import { children, readText } from './read-xml.ts';

export interface Agreed {
  partner: PartnerId;
  agreement: InteropsChannel;
}

export interface VectorPorts {
  signatures: XmlSignatures;
  /** why a certificate (PEM) may not sign at that instant: chain to the configured roots, dates, revocation */
  signerFault(certificate: string, at: Date): string | undefined;
  /** every agreement of this installation */
  agreements(): readonly Agreed[];
  /** full RFC 2253 names */
  namesOf(certificate: X509Certificate): { issuer: string; subject: string };
}

export interface VectorQuestion {
  xml: string;
  /** where the assertion stands */
  at: XmlPlace;
  now: Date;
  /** which services it may be for: those of software, or those of a browser */
  use: 'service' | 'portal';
  /** by whose client certificate it came; absent where a browser brought it */
  peer?: PartnerId;
  maxBytes?: number;
}

export interface VerifiedVector extends Agreed {
  vector: Vector;
  /** those that the agreement knows */
  pagm: readonly Pagm[];
  /** that signed it (PEM) */
  certificate: string;
  /** of the signature: an exception that was used is to be told */
  algorithm: string;
}

const CODES: Readonly<Record<VectorFault, ErrorCode>> = {
  'wsse:SecurityTokenUnavailable': 'vector.missing',
  'wsse:InvalidSecurityToken': 'vector.invalid',
  'wsse:FailedCheck': 'xml.signature-invalid',
  'vi:InvalidVI': 'vector.invalid',
  'vi:InvalidIssuer': 'vector.invalid',
  'vi:InvalidService': 'vector.invalid',
  'vi:InvalidAuthLevel': 'vector.invalid',
  'vi:InvalidPagm': 'vector.invalid',
  'io:DroitsInsuffisants': 'flow.not-allowed',
};

/** A vector that is not believed. Only `fault` and `code` leave; `reason` and `step` are for the trace. */
export class VectorRefused extends BrokerError {
  constructor(
    readonly step: number,
    readonly fault: VectorFault,
    /** lower-case words of ours, never a value that was received */
    readonly reason: string,
    readonly claims?: Pick<Vector, 'id' | 'issuer' | 'audience'>,
    code: ErrorCode = CODES[fault],
  ) {
    super(code);
  }
}

/** @throws VectorRefused */
export async function verifyVector(question: VectorQuestion, ports: VectorPorts): Promise<VerifiedVector> {
  const { now, peer, use, xml, at } = question;
  const claimed = claimedBy(xml, at);
  const refuse = (step: number, fault: VectorFault, reason: string) =>
    new VectorRefused(step, fault, reason, claimed);

  // which exceptions there are is the agreement's; that it exists is judged in its turn
  const agreed = ports.agreements().find(({ agreement }) => agreement.provider?.issuer === claimed.issuer);
  const certificate = await ports.signatures.claimedSigner(xml, at).catch((error: unknown) => {
    throw crypto(error) ? refuse(2, 'wsse:FailedCheck', 'no signature with its certificate') : error;
  });
  const sha1Until = agreed?.agreement.exceptions?.sha1Until;
  const verified = await ports.signatures
    .verify(xml, {
      inside: at,
      certificate,
      signed: [at],
      now,
      ...(sha1Until === undefined ? {} : { sha1Until }),
      ...(question.maxBytes === undefined ? {} : { maxBytes: question.maxBytes }),
    })
    .catch((error: unknown) => {
      throw crypto(error) ? refuse(2, 'wsse:FailedCheck', 'signature does not hold') : error;
    });
  // from here on only what was signed is read
  const vector = readText(verified.signed[0] ?? '', readVector);

  const fault = ports.signerFault(certificate, now);
  if (fault !== undefined) throw refuse(3, 'wsse:FailedCheck', `signer ${fault}`);

  if (now.getTime() < Date.parse(vector.from) - SKEW_MS) throw refuse(4, 'vi:InvalidVI', 'not yet valid');
  if (Date.parse(vector.until) <= now.getTime()) throw refuse(4, 'vi:InvalidVI', 'no longer valid');
  if (vector.until <= vector.from) throw refuse(4, 'vi:InvalidVI', 'ends before it begins');

  const everyAgreement = ports.agreements().map(({ agreement }) => agreement);
  if (!everyAgreement.some((one) => isFor(vector, one, use)))
    throw refuse(5, 'vi:InvalidService', 'for another service');

  if (agreed !== undefined && !agreed.agreement.authenticationClasses.includes(vector.authenticationClass))
    throw refuse(6, 'vi:InvalidAuthLevel', 'authentication class not agreed');

  if (vector.pagm.length === 0) throw refuse(7, 'vi:InvalidPagm', 'no pagm');

  if (agreed?.agreement.provider === undefined || agreed.agreement.provider.issuer !== vector.issuer)
    throw refuse(8, 'vi:InvalidIssuer', 'no agreement with this issuer');
  const { agreement, partner } = agreed;
  if (!agreementInForce(agreement, 'provider', now))
    throw refuse(8, 'vi:InvalidIssuer', 'agreement not in force');
  if (!isFor(vector, agreement, use)) throw refuse(8, 'vi:InvalidService', 'service of another agreement');
  if (Date.parse(vector.until) - Date.parse(vector.from) > agreement.viDuree * 1000)
    throw refuse(8, 'vi:InvalidVI', 'longer than the agreement allows');

  if (!maySign(agreed.agreement.provider.signers, certificate, ports))
    throw refuse(9, 'wsse:FailedCheck', 'signer not in the agreement');
  if (peer !== undefined && peer !== partner)
    throw refuse(9, 'wsse:FailedCheck', 'brought by the software of another partner');

  const unknown = vector.pagm.filter((name) => !agreement.pagm.some((one) => one.name === name));
  if (unknown.length > 0) throw refuse(10, 'vi:InvalidPagm', 'pagm not agreed');
  const pagm = agreement.pagm.filter(({ name }) => vector.pagm.includes(name));
  return { vector, partner, agreement, pagm, certificate, algorithm: verified.algorithm };
}

/** First step. What it reads is a claim: the document as it came, signed or not. */
function claimedBy(xml: string, at: XmlPlace): Vector {
  try {
    return readText(xml, (root) => {
      let found = root.name === at[0] ? [root] : [];
      for (const name of at.slice(1, -1))
        found = found.flatMap((one) => {
          const namespace = name === 'Security' ? NS.wsse : one.namespaceUri;
          return children(one, namespace, name);
        });
      const assertions = found.flatMap((one) => children(one, NS.saml2, at.at(-1) ?? ''));
      const [first, second] = assertions;
      if (first === undefined) throw new VectorRefused(1, 'wsse:SecurityTokenUnavailable', 'no vector');
      if (second !== undefined || found.length > 1)
        throw new VectorRefused(1, 'wsse:InvalidSecurityToken', 'several vectors');
      return readVector(first);
    });
  } catch (error) {
    if (error instanceof VectorRefused) throw error;
    if (error instanceof BrokerError && error.code === 'transport.bad-answer')
      throw new VectorRefused(1, 'wsse:InvalidSecurityToken', 'not the profile of a vector');
    throw error;
  }
}

function isFor(vector: Vector, { portal, provider }: InteropsChannel, use: 'service' | 'portal'): boolean {
  if (provider === undefined || provider.recipient !== vector.recipient) return false;
  return use === 'portal' ? portal?.service === vector.audience : provider.services.includes(vector.audience);
}

/** Whether these signers hold that certificate (PEM): by itself, or by who issued it and what it is called. */
export function maySign(
  { authorities, certificates, subjects }: InteropsSigners,
  pem: string,
  { namesOf }: Pick<VectorPorts, 'namesOf'>,
): boolean {
  const certificate = new X509Certificate(pem);
  const { issuer, subject } = namesOf(certificate);
  const listed = certificates?.some(
    (one) => new X509Certificate(one).fingerprint256 === certificate.fingerprint256,
  );
  return (
    listed !== false &&
    (authorities === undefined || authorities.includes(issuer)) &&
    (subjects === undefined || subjects.includes(subject))
  );
}

/** Refusals of the XML signature port; anything else is not the vector's fault. */
export function crypto(error: unknown): boolean {
  return error instanceof BrokerError && error.code === 'xml.signature-invalid';
}
