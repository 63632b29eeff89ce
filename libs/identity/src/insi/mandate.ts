import { createPrivateKey, X509Certificate } from 'node:crypto';
import { BrokerError, type InsiMandate } from '#core';
import type { InsiCaller } from './insi-search.ts';

export const IGC_SANTE = 'AC IGC-SANTE ELEMENTAIRE ORGANISATIONS';

export interface MandateRules {
  /** issuer CNs, IGC Santé's and, in a demo, the test authority's */
  acceptedIssuers: readonly string[];
  /** also take an accepted issuer whose CN is preceded by `TEST ` */
  allowTestAnchors: boolean;
}

/** What one call is made with, and in whose name. */
export interface Credentials {
  certificate: string;
  key: string;
  idam: string;
  emitter: string;
}

/**
 * The certificate of a mandate for this call: MANU when a person asked, AUTO when the system did. One never stands
 * in for the other.
 *
 * @throws BrokerError `insi.access-refused` (stop) when the mandate is missing, outside its dates or scope, or not what INSi accepts
 */
export function credentialsOf(
  mandate: InsiMandate | undefined,
  startedBy: InsiCaller['startedBy'],
  rules: MandateRules,
  now: Date,
): Credentials {
  if (mandate === undefined)
    throw refused('Ce service n’a pas confié de mandat INSi à Relais.', 'no mandate');
  // written so that a date that is none refuses too
  if (!(Date.parse(mandate.from) <= now.getTime() && now.getTime() < Date.parse(mandate.to))) {
    throw refused('Le mandat INSi n’est pas en cours de validité.', 'mandate outside its dates');
  }
  const name = startedBy === 'person' ? 'INSI-MANU' : 'INSI-AUTO';
  const pair = startedBy === 'person' ? mandate.manu : mandate.auto;
  if (pair === undefined) throw refused(`Le mandat INSi ne comprend pas ${name}.`, `no ${name}`);
  const credentials = { ...pair, idam: mandate.idam, emitter: mandate.emitter };
  checkCertificate(credentials, name, rules, now);
  return credentials;
}

function checkCertificate(credentials: Credentials, name: string, rules: MandateRules, now: Date): void {
  const { certificate, key, emitter } = credentials;
  const x509 = read(certificate, key);
  const { subject, issuer } = x509.toLegacyObject() as { subject: Names; issuer: Names };
  if (subject.CN !== name) throw refused(`Le certificat INSi doit porter le nom ${name}.`, 'subject CN');
  if (subject.OU !== undefined && ![subject.OU].flat().includes(emitter)) {
    throw refused('Le certificat INSi n’est pas celui de la structure.', 'subject OU');
  }
  if (!isAccepted(issuer.CN, rules))
    throw refused('L’émetteur du certificat INSi n’est pas admis.', 'issuer CN');
  if (now < x509.validFromDate || now > x509.validToDate) {
    throw refused('Le certificat INSi n’est pas en cours de validité.', 'certificate outside its dates');
  }
}

/** An attribute met several times is a list: never equal to the one name expected. */
interface Names {
  CN?: string | string[];
  OU?: string | string[];
}

function read(certificate: string, key: string): X509Certificate {
  let x509: X509Certificate;
  let matches: boolean;
  try {
    x509 = new X509Certificate(certificate);
    matches = x509.checkPrivateKey(createPrivateKey(key));
  } catch {
    // OpenSSL's words may quote the key file
    throw refused(
      'Le certificat INSi ou sa clé est illisible (PEM attendu).',
      'certificate or key unreadable',
    );
  }
  if (!matches) throw refused('La clé ne correspond pas au certificat INSi.', 'key of another certificate');
  return x509;
}

function isAccepted(issuer: string | string[] | undefined, rules: MandateRules): boolean {
  if (typeof issuer !== 'string') return false;
  const name = issuer.replace(/^TEST /, '');
  if (name !== issuer && !rules.allowTestAnchors) return false;
  return rules.acceptedIssuers.includes(issuer) || rules.acceptedIssuers.includes(name);
}

function refused(detail: string, why: string): BrokerError {
  return new BrokerError('insi.access-refused', {
    next: 'stop',
    detail,
    cause: new Error(`INSi mandate: ${why}`),
  });
}
