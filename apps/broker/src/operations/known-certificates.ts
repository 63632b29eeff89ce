/** Every certificate, list and mandate with an end that this installation stands on: whose, for what, until when. */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { X509Crl } from '@peculiar/x509';
import type { Partner } from '#core';
import type { Configuration } from '../config/environment.ts';
import { type HeldMandate, type HeldPair, mandatesOf } from '../config/mandates.ts';

export interface KnownCertificate {
  /** `relais`, a partner, or the name of an authority */
  owner: string;
  use:
    | 'server'
    | 'client'
    | 'authority'
    | 'insi-authority'
    | 'igc-authority'
    | 'revocation-list'
    | 'enc'
    | 'enc-h'
    | HeldPair['use']
    | `${HeldMandate['name']}-mandate`
    | 'mssante-signer'
    | 'mssante-sealing'
    | 'interops-signer'
    | 'interops-encryption'
    | 'interops-agreement'
    | 'partner-client';
  /** of several for one use, the one that lasts longest counts */
  until: Date;
}

/** What cannot be read is left out: the start, or `relais doctor`, says so. */
export function knownCertificates(
  { tls, insi, igc }: Pick<Configuration, 'tls' | 'insi' | 'igc'>,
  partners: readonly Partner[],
): KnownCertificate[] {
  const authorities = bundle(tls.authorities);
  return longest([
    ...bundle(tls.certificate).slice(0, 1).map(known('relais', 'server')),
    ...bundle(tls.clientCertificate).slice(0, 1).map(known('relais', 'client')),
    ...authorities.map((one) => known(commonName(one), 'authority')(one)),
    ...(insi.authorities === tls.authorities ? [] : bundle(insi.authorities)).map((one) =>
      known(commonName(one), 'insi-authority')(one),
    ),
    ...bundle(igc.authorities).map((one) => known(commonName(one), 'igc-authority')(one)),
    ...revocations(tls.revocations),
    ...revocations(igc.revocations),
    ...partners.flatMap(ofPartner),
  ]);
}

function ofPartner(partner: Partner): KnownCertificate[] {
  const { id, keys } = partner;
  return [
    ...(keys.enc ?? []).flatMap(read).map(known(id, 'enc')),
    ...(keys['enc-h'] ?? []).flatMap(read).map(known(id, 'enc-h')),
    ...mandatesOf(partner).flatMap(({ name, to, pairs }) => [
      ...pairs.flatMap(({ use, certificate }) => read(certificate).map(known(id, use))),
      { owner: id, use: `${name}-mandate` as const, until: new Date(to) },
    ]),
    ...ofMail(partner),
    ...ofAgreement(partner),
  ];
}

function ofMail({ channels, id }: Partner): KnownCertificate[] {
  const { signers = [], sealing } = channels?.mssante ?? {};
  return [
    ...signers.flatMap(read).map(known(id, 'mssante-signer')),
    ...(sealing?.certificates ?? []).flatMap(read).map(known(id, 'mssante-sealing')),
  ];
}

function ofAgreement({ channels, id }: Partner): KnownCertificate[] {
  const agreement = channels?.['interops-soap'];
  if (agreement === undefined) return [];
  const { client, provider, to } = agreement;
  const signers = [...(provider?.signers.certificates ?? []), ...(client?.signedAnswer?.certificates ?? [])];
  return [
    ...signers.flatMap(read).map(known(id, 'interops-signer')),
    ...read(client?.encryption ?? '').map(known(id, 'interops-encryption')),
    { owner: id, use: 'interops-agreement', until: new Date(to) },
  ];
}

function known(owner: string, use: KnownCertificate['use']) {
  return ({ validToDate }: X509Certificate): KnownCertificate => ({ owner, use, until: validToDate });
}

/** The successor of a certificate may stand beside it already. */
function longest(all: readonly KnownCertificate[]): KnownCertificate[] {
  const kept = new Map<string, KnownCertificate>();
  for (const one of all) {
    const name = `${one.use} ${one.owner}`;
    const before = kept.get(name);
    if (before === undefined || before.until < one.until) kept.set(name, one);
  }
  return [...kept.values()].sort((a, b) => a.until.getTime() - b.until.getTime());
}

function revocations(file: string): KnownCertificate[] {
  const text = textOf(file);
  try {
    const { issuer, nextUpdate } = new X509Crl(text);
    const owner = /(?:^|, ?)CN=([^,]+)/.exec(issuer)?.[1] ?? issuer;
    return nextUpdate === undefined ? [] : [{ owner, use: 'revocation-list', until: nextUpdate }];
  } catch {
    return [];
  }
}

function bundle(file: string): X509Certificate[] {
  return (textOf(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).flatMap(
    read,
  );
}

function read(pem: string): X509Certificate[] {
  try {
    return [new X509Certificate(pem)];
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function commonName({ subject }: X509Certificate): string {
  return /(?:^|\+ )CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}
