import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { X509Crl } from '@peculiar/x509';
import type { Partner } from '#core';
import type { Purpose } from '#protection';
import { mandatesOf } from '../../../../broker/src/config/mandates.ts';
import { FAULT_WORDS } from '../../trust.ts';
import { certificatesIn, nameOf } from './bundle.ts';
import { attention, type Check, erreur, failed, ok } from './check.ts';
import type { Examined } from './examined.ts';
import { dayOf, expiryCheck } from './expiry.ts';

/** Every certificate that a message meets on its way, and how long it will still serve. */
export function certificateChecks(examined: Examined): Check[] {
  const { configuration, partners, now } = examined;
  const { certificate, key, clientCertificate, clientKey } = configuration.tls;
  const ofPartners = partners.flatMap((partner) => [
    ...readerChecks(partner, examined),
    ...mandateChecks(partner, now),
  ]);
  const allGood = ofPartners.length === 0 && partners.length > 0 && examined.trust !== undefined;
  return [
    ...authorityChecks(examined),
    pairCheck('certificat du courtier', 'server', [certificate, key], examined),
    pairCheck('certificat de ses envois', 'client', [clientCertificate, clientKey], examined),
    ...(allGood ? [ok('certificats des partenaires', 'utilisables plus de 60 jours')] : ofPartners),
  ];
}

function authorityChecks({ configuration, trust, now }: Examined): Check[] {
  // what cannot be read is said already
  if (trust === undefined) return [];
  const { authorities, revocations } = configuration.tls;
  const { nextUpdate, entries } = new X509Crl(readFileSync(revocations, 'utf8'));
  return [
    ...certificatesIn(authorities).flatMap(
      (authority) => expiryCheck(`autorité ${nameOf(authority)}`, authority.validToDate, now) ?? [],
    ),
    ...insiAuthorities(configuration).flatMap(
      (authority) => expiryCheck(`autorité INSi ${nameOf(authority)}`, authority.validToDate, now) ?? [],
    ),
    revocationCheck(nextUpdate ?? now, entries.length, now),
  ];
}

function insiAuthorities({ insi, tls }: Examined['configuration']): X509Certificate[] {
  const { authorities } = insi;
  return authorities === tls.authorities || !existsSync(authorities) ? [] : certificatesIn(authorities);
}

const TWO_DAYS_MS = 2 * 86_400_000;

/** Past its date every certificate is refused: nobody knows any more which ones were revoked. */
function revocationCheck(nextUpdate: Date, revoked: number, now: Date): Check {
  const subject = 'liste de révocation';
  const until = `${nextUpdate.toISOString().slice(0, 16)}Z`;
  if (nextUpdate <= now)
    return erreur(subject, `périmée depuis ${until}, tout certificat est refusé`, 'mettez la nouvelle');
  if (nextUpdate.getTime() - now.getTime() < TWO_DAYS_MS)
    return attention(subject, `périmée dès ${until}`, 'vérifiez son téléchargement');
  return ok(subject, `à jour jusqu’à ${until}, ${revoked} certificat(s) révoqué(s)`);
}

function pairCheck(
  subject: string,
  purpose: Purpose,
  [certificateFile, keyFile]: readonly [string, string],
  { trust, now }: Examined,
): Check {
  const todo = 'remplacez le certificat, ou sa clé';
  try {
    const certificate = new X509Certificate(readFileSync(certificateFile));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))))
      return erreur(subject, 'la clé privée n’est pas la sienne', todo);
    const expiry = expiryCheck(subject, certificate.validToDate, now);
    if (expiry?.level === 'erreur') return expiry;
    const fault = trust?.fault(certificate, purpose, now);
    if (fault === 'foreign' && purpose === 'server')
      return attention(subject, 'autorité absente de RELAIS_TLS_CA', 'les partenaires la connaissent-ils ?');
    if (fault !== undefined) return erreur(subject, FAULT_WORDS[fault], todo);
    return expiry ?? ok(subject, `en vigueur jusqu’au ${dayOf(certificate.validToDate)}`);
  } catch (error) {
    return failed(subject, error, todo);
  }
}

/** For each reader of a partner one certificate at least must be usable; the one that lasts longest counts. */
function readerChecks({ id, keys }: Partner, { trust, now }: Examined): Check[] {
  return (['enc', 'enc-h'] as const).flatMap((audience) => {
    const pems = keys[audience];
    if (pems === undefined || trust === undefined) return [];
    const subject = `${id}, ${audience}`;
    const judged = pems.map((pem) => {
      const certificate = new X509Certificate(pem);
      return { until: certificate.validToDate, fault: trust.fault(certificate, 'encryption', now) };
    });
    const usable = judged.filter(({ fault }) => fault === undefined);
    if (usable.length > 0) {
      const last = Math.max(...usable.map(({ until }) => until.getTime()));
      return expiryCheck(subject, new Date(last), now) ?? [];
    }
    const faults = new Set(judged.flatMap(({ fault }) => (fault === undefined ? [] : [FAULT_WORDS[fault]])));
    const says = `rien ne peut lui être scellé, certificats refusés : ${[...faults].join(', ')}`;
    return [erreur(subject, says, `relais partner keys ${id} --${audience} FICHIER`)];
  });
}

function mandateChecks(partner: Partner, now: Date): Check[] {
  return mandatesOf(partner).flatMap(({ title, from, to, pairs }) => {
    const subject = `${title} de ${partner.id}`;
    const begins = new Date(from);
    const ends: [string, Date][] = [
      [subject, new Date(to)],
      ...pairs.map(({ use, certificate }): [string, Date] => [
        `${subject}, ${use}`,
        new X509Certificate(certificate).validToDate,
      ]),
    ];
    return [
      ...(begins > now ? [attention(subject, `ne commence que le ${dayOf(begins)}`, 'est-ce voulu ?')] : []),
      ...ends.flatMap(([what, until]) => expiryCheck(what, until, now) ?? []),
    ];
  });
}
