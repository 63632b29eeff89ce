/** Where the operator of a mailbox takes and shows its mail: told by the mandate, by autoconfig, or by DNS SRV. */
import { resolveSrv } from 'node:dns/promises';
import { request } from 'node:https';
import { LRUCache } from 'lru-cache';
import { BrokerError, type Clock, type MailboxMandate, type MailServer, type MailServers } from '#core';
import { AUTOCONFIG_BYTES, readAutoconfig } from './autoconfig.ts';
import { type IgcTrust, igcTls } from './igc-tls.ts';
import type { MailNetwork } from './network.ts';

export interface DiscoveryOptions {
  network: MailNetwork;
  trust: IgcTrust;
  clock: Clock;
  timeoutMs: number;
  /** port of autoconfig; anything but 443 only in a test */
  autoconfigPort?: number;
  /** default the system's own resolver */
  resolveSrv?(name: string): Promise<readonly { name: string; port: number; priority: number }[]>;
}

const KEPT_MS = 3_600_000;

/**
 * Whatever a domain answers is a place to try, never a reason to believe: who stands there must show a certificate of
 * IGC Santé that bears that very name, and its address must be a public one.
 */
export class MssanteDiscovery {
  readonly #known = new LRUCache<string, MailServers>({ max: 500, ttl: KEPT_MS });

  constructor(private readonly options: DiscoveryOptions) {}

  /** @throws BrokerError `mail.discovery-failed`, `mail.host-refused`, `mail.server-untrusted`, `xml.doctype` */
  async servers(
    { address, operator }: Pick<MailboxMandate, 'address' | 'operator'>,
    signal: AbortSignal,
  ): Promise<MailServers> {
    // what the agreement says wins over whatever a name server says
    if (operator !== undefined) return operator;
    const domain = domainOf(address);
    const known = this.#known.get(domain);
    if (known !== undefined) return known;
    const found = await this.#find(domain, signal);
    this.#known.set(domain, found);
    return found;
  }

  async #find(domain: string, signal: AbortSignal): Promise<MailServers> {
    try {
      return readAutoconfig(await this.#fetch(`autoconfig.${domain}`, signal));
    } catch (error) {
      // a domain without it may have SRV records; one whose answer must not be followed is not asked again elsewhere
      if (!(error instanceof BrokerError) || error.code !== 'transport.unreachable') throw error;
      return this.#bySrv(domain, error);
    }
  }

  async #bySrv(domain: string, cause: unknown): Promise<MailServers> {
    const [submission, imap] = await Promise.all([
      this.#srv(`_submission._tcp.${domain}`),
      this.#srv(`_imap._tcp.${domain}`),
    ]);
    if (submission === undefined || imap === undefined)
      throw new BrokerError('mail.discovery-failed', { cause });
    return { submission, imap };
  }

  /** RFC 2782: the lowest priority; a lone dot says that the service is not there. */
  async #srv(name: string): Promise<MailServer | undefined> {
    const ask = this.options.resolveSrv ?? resolveSrv;
    const records = await ask(name).catch(() => []);
    const [best] = records.toSorted((a, b) => a.priority - b.priority);
    return best === undefined || ['', '.'].includes(best.name)
      ? undefined
      : { host: best.name.replace(/\.$/, '').toLowerCase(), port: best.port };
  }

  /** GET over TLS of that very host, at an address looked at before; a redirection is not followed. */
  async #fetch(host: string, signal: AbortSignal): Promise<Uint8Array> {
    const { network, trust, clock, timeoutMs, autoconfigPort = 443 } = this.options;
    const address = await network.addressOf(host);
    const tls = igcTls({ trust, clock, host });
    return new Promise((resolve, reject) => {
      const fail = (cause: Error) => {
        const code = tls.fault() === undefined && !isCertificateError(cause) ? 'unreachable' : 'untrusted';
        reject(
          cause instanceof BrokerError
            ? cause
            : new BrokerError(code === 'untrusted' ? 'mail.server-untrusted' : 'transport.unreachable', {
                cause,
              }),
        );
      };
      const asked = request(
        {
          ...tls.options,
          host: address,
          port: autoconfigPort,
          path: '/mail/config-v1.1.xml',
          headers: { host, accept: 'application/xml, text/xml' },
          signal,
          agent: false,
        },
        (answer) => {
          if (answer.statusCode !== 200) {
            asked.destroy(new BrokerError('transport.unreachable'));
            return;
          }
          const chunks: Buffer[] = [];
          let size = 0;
          answer.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > AUTOCONFIG_BYTES) asked.destroy(new BrokerError('mail.discovery-failed'));
            else chunks.push(chunk);
          });
          answer.once('error', fail);
          answer.once('end', () => resolve(Buffer.concat(chunks)));
        },
      );
      const timer = setTimeout(() => asked.destroy(new BrokerError('transport.unreachable')), timeoutMs);
      asked.once('close', () => clearTimeout(timer));
      asked.once('error', fail);
      asked.end();
    });
  }
}

/** Codes by which node tells that a chain, a name or a date was wrong. */
export function isCertificateError(error: unknown): boolean {
  const { code, originalCode } = error as { code?: string; originalCode?: string };
  return /CERT|ISSUER|UNABLE_TO|CRL|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME/.test(
    originalCode ?? code ?? '',
  );
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
