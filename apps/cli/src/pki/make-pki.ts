/**
 * The test PKI: an authority, each partner's certificates, the INSi client certificates of mandates, and four
 * bad ones. Made once; a later run keeps every key and renews only what is missing, about to end, or stale.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { JsonName } from '@peculiar/x509';
import { Authority, type Order } from './authority.ts';
import { DEMO_PARTNERS, type DemoPartner } from './demo-partners.ts';
import { type PairPaths, pkiPaths } from './pki-paths.ts';
import { writeWhole } from './write-file.ts';

const generate = promisify(generateKeyPair);
const DAY = 24 * 3_600_000;
/** servers that show a certificate of the health authority, on loopback here */
const NATIONAL_SERVERS = ['mssante', 'dmp', 'interops', 'annuaire'] as const;
const RELAIS = { name: 'Relais (essai)', structureId: '1990009992' };

export interface PkiRequest {
  /** ids of interface.md §1, or partners of one's own */
  partners?: readonly (string | DemoPartner)[];
  now?: Date;
  /** life of a revocation list made now, in days */
  crlDays?: number;
}

/**
 * Makes or completes the PKI under `folder` and says where everything is.
 * @throws Error when a demo partner's id is unknown
 */
export async function makePki(
  folder: string,
  request: PkiRequest = {},
): Promise<ReturnType<typeof pkiPaths>> {
  const now = request.now ?? new Date();
  const paths = pkiPaths(folder);
  const partners = (request.partners ?? DEMO_PARTNERS).map(demoPartner);
  const authority = await authorityAt(paths.ca, 'TEST AC RELAIS', now);
  const insi = await authorityAt(paths.insi.ca, 'TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS', now);
  const make = certificateMaker(now);

  const broker = (commonName: string) => organisation(RELAIS, commonName);
  await make(authority, paths.broker.server, { subject: broker('localhost'), profile: 'server' });
  await make(authority, paths.broker.client, { subject: broker('relais'), profile: 'client' });
  for (const partner of partners) {
    const at = paths.partner(partner.id);
    const subject = organisation(partner, partner.id);
    await make(authority, at.client, { subject, profile: 'client' });
    await make(authority, at.server, { subject, profile: 'server' });
    for (const reader of partner.readers)
      await make(authority, reader === 'enc' ? at.enc : at.encH, { subject, profile: 'encryption' });
    const mandate = paths.insi.mandate(partner.id);
    if (partner.insiMandate || partner.seal)
      await make(insi, mandate.seal, { subject: organisation(partner, 'SCEAU'), profile: 'seal' });
    if (!partner.insiMandate) continue;
    await make(insi, mandate.auto, { subject: organisation(partner, 'INSI-AUTO'), profile: 'client' });
    await make(insi, mandate.manu, { subject: organisation(partner, 'INSI-MANU'), profile: 'client' });
    const mail = organisation(partner, 'Authentication MSS');
    await make(insi, mandate.mailbox, { subject: mail, profile: 'client' });
    await make(insi, mandate.dmp, { subject: organisation(partner, 'DMP'), profile: 'client' });
  }
  for (const name of NATIONAL_SERVERS)
    await make(insi, paths.insi.server(name), { subject: broker(name), profile: 'server' });
  await makeBad(authority, paths, make, now);
  await renewCrl(authority, paths.ca.crl, [readFileSync(paths.bad('revoked').crt, 'utf8')], request.crlDays);
  await renewCrl(insi, paths.insi.ca.crl, [], request.crlDays);
  return paths;
}

/** Adds a certificate to the authority's revocation list. */
export async function revokeCertificate(
  folder: string,
  certificate: string,
  now = new Date(),
): Promise<void> {
  const { ca } = pkiPaths(folder);
  const authority = await authorityAt(ca, 'TEST AC RELAIS', now);
  const previous = existsSync(ca.crl) ? readFileSync(ca.crl, 'utf8') : undefined;
  writeWhole(ca.crl, await authority.crl(previous, [certificate]), false);
}

/** Each carries the name of a partner in good standing: only the certificate is bad, never the claim. */
async function makeBad(
  authority: Authority,
  paths: ReturnType<typeof pkiPaths>,
  make: ReturnType<typeof certificateMaker>,
  now: Date,
): Promise<void> {
  const subject = organisation(demoPartner('spsti-a'), 'spsti-a');
  const ago = (days: number) => new Date(now.getTime() - days * DAY);
  const foreign = paths.bad('foreign');
  await make(authority, paths.bad('revoked'), { subject, profile: 'client' });
  await make(authority, paths.bad('wrong-purpose'), { subject, profile: 'server' });
  await make(
    authority,
    paths.bad('expired'),
    { subject, profile: 'client', notBefore: ago(400), notAfter: ago(35) },
    true,
  );
  if (existsSync(foreign.crt)) return;
  // Its authority's key is thrown away.
  const stranger = await Authority.create([{ CN: ['TEST AC ETRANGERE'] }], await newKey('P-256'), now);
  await make(stranger, foreign, { subject, profile: 'client' });
}

/** Keeps a standing certificate; else issues one for the standing key; else makes both. */
function certificateMaker(now: Date) {
  return async (
    authority: Authority,
    paths: PairPaths,
    order: Omit<Order, 'publicKey'>,
    meantToBeOver = false,
  ): Promise<void> => {
    if (existsSync(paths.crt) && existsSync(paths.key)) {
      const { validTo } = new X509Certificate(readFileSync(paths.crt));
      if (meantToBeOver || Date.parse(validTo) - now.getTime() > DAY) return;
    }
    const isRsa = order.profile === 'encryption' || order.profile === 'seal';
    const key = await keyAt(paths.key, isRsa ? 'RSA-3072' : 'P-256');
    writeWhole(paths.crt, await authority.issue({ ...order, publicKey: createPrivateKey(key) }), false);
  };
}

async function authorityAt(paths: PairPaths, commonName: string, now: Date): Promise<Authority> {
  const key = await keyAt(paths.key, 'P-256');
  if (existsSync(paths.crt)) return Authority.open(readFileSync(paths.crt, 'utf8'), key, now);
  const subject = [{ C: ['FR'] }, { O: [RELAIS.name] }, { CN: [commonName] }];
  const authority = await Authority.create(subject, key, now);
  writeWhole(paths.crt, authority.certificate, false);
  return authority;
}

async function renewCrl(
  authority: Authority,
  path: string,
  revoked: readonly string[],
  days?: number,
): Promise<void> {
  const previous = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (authority.needsCrl(previous, revoked))
    writeWhole(path, await authority.crl(previous, revoked, days), false);
}

async function keyAt(path: string, kind: 'P-256' | 'RSA-3072'): Promise<string> {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const pem = await newKey(kind);
  writeWhole(path, pem, true);
  return pem;
}

async function newKey(kind: 'P-256' | 'RSA-3072'): Promise<string> {
  const { privateKey }: { privateKey: KeyObject } =
    kind === 'P-256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: 3072 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** DN in the shape of an organisation certificate of IGC Santé. */
function organisation(of: { name: string; structureId: string }, commonName: string): JsonName {
  return [
    { C: ['FR'] },
    { ST: ['Essai (99)'] },
    { O: [of.name] },
    { OU: [of.structureId] },
    { CN: [commonName] },
  ];
}

function demoPartner(partner: string | DemoPartner): DemoPartner {
  if (typeof partner !== 'string') return partner;
  const known = DEMO_PARTNERS.find(({ id }) => id === partner);
  if (known === undefined) throw new Error(`no demo partner is called ${partner}`);
  return known;
}
