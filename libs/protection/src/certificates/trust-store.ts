/** Whom we believe: authorities and their revocation lists. Asked at each use of a certificate, never once for all. */
import { X509Certificate } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { BrokerError } from '#core';
import { type CertificateFacts, certificateFacts, type Purpose } from './certificate-facts.ts';
import { type RevocationList, readRevocationList } from './revocation-list.ts';

/** Why a certificate may not be used; `client.<fault>` is the code journalled for the first four. */
export type CertificateFault =
  | 'foreign'
  | 'expired'
  | 'revoked'
  | 'wrong-purpose'
  /** short key, old hash, or a critical extension unknown to us */
  | 'weak'
  /** a TEST authority in production */
  | 'test-anchor'
  /** no revocation list of its authority, or one out of date */
  | 'revocation-unknown';

export interface TrustOptions {
  /** PEM bundle of authorities, roots and intermediates: a chain must end in a self-signed one of them */
  anchors: string;
  /** PEM revocation lists, one per authority that signs certificates */
  crls: readonly string[];
  /** refuses any chain with an authority whose CN begins with `TEST ` */
  production: boolean;
}

interface Path {
  /** leaf first, root last; undefined when no chain ends in an anchor */
  chain: readonly X509Certificate[] | undefined;
  facts: CertificateFacts;
}

const LONGEST_CHAIN = 6;

export class TrustStore {
  private lists = new Map<string, RevocationList>();
  private readonly paths = new LRUCache<string, Path>({ max: 1000 });

  private constructor(
    private readonly authorities: readonly X509Certificate[],
    private readonly production: boolean,
  ) {}

  /** @throws BrokerError `configuration.invalid`: no authority, something that is none, a list nobody here signed */
  static async of(options: TrustOptions): Promise<TrustStore> {
    const authorities = readBundle(options.anchors);
    if (authorities.length === 0) throw invalid('aucune autorité de certification');
    if (authorities.some(({ ca }) => !ca)) throw invalid('un certificat de la liste n’est pas une autorité');
    const store = new TrustStore(authorities, options.production);
    await store.useRevocationLists(options.crls);
    return store;
  }

  /** Replaces all revocation lists, e.g. after the daily download. Nothing changes when one of them is refused. */
  async useRevocationLists(pems: readonly string[]): Promise<void> {
    const lists = new Map<string, RevocationList>();
    for (const pem of pems) {
      const list = await readRevocationList(pem, this.authorities);
      if (list === undefined) throw invalid('liste de révocation d’une autre autorité, ou illisible');
      const other = lists.get(list.issuer);
      if (other === undefined || other.thisUpdate < list.thisUpdate) lists.set(list.issuer, list);
    }
    this.lists = lists;
  }

  /** Authorities meant for tests; `relais doctor --production` wants none. */
  get testAuthorities(): readonly string[] {
    return this.authorities.filter(isTest).map(({ subject }) => subject.replaceAll('\n', ', '));
  }

  /** @returns undefined when the certificate may serve that purpose at that instant */
  fault(certificate: X509Certificate, purpose: Purpose, at: Date): CertificateFault | undefined {
    const { chain, facts } = this.path(certificate);
    if (chain === undefined) return 'foreign';
    if (this.production && chain.some(isTest)) return 'test-anchor';
    if (!chain.every((link) => inForce(link, at))) return 'expired';
    const revocation = this.revocation(chain, at);
    if (revocation !== undefined) return revocation;
    if (!facts.purposes.includes(purpose)) return 'wrong-purpose';
    return facts.strong ? undefined : 'weak';
  }

  private revocation(chain: readonly X509Certificate[], at: Date): CertificateFault | undefined {
    let unknown = false;
    for (const [index, link] of chain.slice(0, -1).entries()) {
      const list = this.lists.get(chain[index + 1]?.fingerprint256 ?? '');
      if (list?.has(link)) return 'revoked';
      unknown ||= list === undefined || list.nextUpdate < at;
    }
    return unknown ? 'revocation-unknown' : undefined;
  }

  /** Signatures and extensions never change, so they are read once per certificate. */
  private path(certificate: X509Certificate): Path {
    const known = this.paths.get(certificate.fingerprint256);
    if (known !== undefined) return known;
    const path = { chain: this.chainOf(certificate), facts: certificateFacts(certificate) };
    this.paths.set(certificate.fingerprint256, path);
    return path;
  }

  private chainOf(certificate: X509Certificate): readonly X509Certificate[] | undefined {
    const chain = [certificate];
    for (let last = certificate; chain.length <= LONGEST_CHAIN; ) {
      const issuer = this.authorities.find((ca) => last.checkIssued(ca) && last.verify(ca.publicKey));
      if (issuer === undefined) return undefined;
      if (issuer.fingerprint256 === last.fingerprint256) return chain;
      const intermediatesBelow = chain.length - 1;
      if (intermediatesBelow > (certificateFacts(issuer).pathLength ?? intermediatesBelow)) return undefined;
      chain.push(issuer);
      last = issuer;
    }
    return undefined;
  }
}

function readBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

const isTest = ({ subject }: X509Certificate) => /(^|\+ )CN=TEST /m.test(subject);

const inForce = ({ validFromDate, validToDate }: X509Certificate, at: Date) =>
  validFromDate <= at && at <= validToDate;

const invalid = (detail: string) => new BrokerError('configuration.invalid', { detail });
