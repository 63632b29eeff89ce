/** The same by LDAP, for a directory that is read so. Names of attributes are the installation's: ours are a proposal. */
import { connect } from 'node:net';
import { AndFilter, Client, type Entry, EqualityFilter, SubstringFilter } from 'ldapts';
import {
  BrokerError,
  type Clock,
  type DirectoryQuery,
  type DirectoryService,
  type HealthDirectory,
} from '#core';
import { pemOf } from './certificate-text.ts';
import { identifierIn } from './identifier.ts';

export interface LdapAttributes {
  name: string;
  finess: string;
  siret: string;
  /** holds SA66 */
  sector: string;
  mailbox: string;
  certificate: string;
}

/** `relais/1`: attributes of the standard schemas; no national schema was read. */
export const LDAP_ATTRIBUTES: LdapAttributes = {
  name: 'o',
  finess: 'uid',
  siret: 'serialNumber',
  sector: 'businessCategory',
  mailbox: 'mail',
  certificate: 'userCertificate;binary',
};

export interface LdapDirectoryOptions {
  /** ldaps, or ldap with StartTLS; ldap without TLS on loopback only */
  url: string;
  base: string;
  attributes: LdapAttributes;
  startTls: boolean;
  /** PEM anchors of the server; the system's by default */
  ca?: string;
  bind?: { dn: string; password: string };
  clock: Clock;
  timeoutMs?: number;
}

const SECTOR = 'SA66';
const PAGE = 50;
const MOST = 200;

export class LdapDirectory implements HealthDirectory {
  readonly name = 'ldap';
  readonly #timeoutMs: number;

  /** @throws BrokerError `configuration.invalid` for a server that would be asked in clear */
  constructor(private readonly options: LdapDirectoryOptions) {
    const { url, startTls, timeoutMs = 10_000 } = options;
    const { protocol, hostname } = new URL(url);
    this.#timeoutMs = timeoutMs;
    if (protocol !== 'ldaps:' && !startTls && !isLoopback(hostname))
      throw new BrokerError('configuration.invalid');
  }

  async services({ text }: DirectoryQuery, signal: AbortSignal): Promise<DirectoryService[]> {
    const client = this.#client();
    const stop = () => void client.unbind().catch(() => undefined);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const { startTls, bind, clock } = this.options;
      if (startTls) await client.startTLS(this.#tls());
      if (bind !== undefined) await client.bind(bind.dn, bind.password);
      const entries = await this.#search(client, text);
      const readAt = clock.now().toISOString();
      return entries.flatMap((entry) => this.#service(entry, readAt));
    } catch (cause) {
      if (cause instanceof BrokerError) throw cause;
      throw failure(cause);
    } finally {
      signal.removeEventListener('abort', stop);
      await client.unbind().catch(() => undefined);
    }
  }

  /** One for each search: ldapts opens a lost connection again, and after StartTLS it would do so in clear. */
  #client(): Client {
    const { url } = this.options;
    let opened = false;
    const once = ((...words: Parameters<typeof connect>) => {
      if (opened) throw new TypeError('the connection is lost');
      opened = true;
      return connect(...words);
    }) as typeof connect;
    return new Client({
      url,
      timeout: this.#timeoutMs,
      connectTimeout: this.#timeoutMs,
      ...(url.startsWith('ldaps:') ? { tlsOptions: this.#tls() } : { createConnection: once }),
    });
  }

  #tls() {
    const { url, ca } = this.options;
    const { hostname } = new URL(url);
    return {
      minVersion: 'TLSv1.2' as const,
      host: hostname,
      ...(/^[\d.:[\]]+$/.test(hostname) ? {} : { servername: hostname }),
      ...(ca === undefined ? {} : { ca }),
    };
  }

  /** What was typed is a value of the filter, never a piece of it. */
  async #search(client: Client, text: string): Promise<Entry[]> {
    const { base, attributes } = this.options;
    const { name, finess, siret, sector } = attributes;
    const whole = identifierIn(text);
    const wanted =
      whole === undefined
        ? new SubstringFilter({ attribute: name, any: [text] })
        : 'siret' in whole
          ? new EqualityFilter({ attribute: siret, value: whole.siret })
          : new EqualityFilter({ attribute: finess, value: whole.finess });
    const filter = new AndFilter({
      filters: [new EqualityFilter({ attribute: sector, value: SECTOR }), wanted],
    });
    const found: Entry[] = [];
    const pages = client.searchPaginated(base, {
      scope: 'sub',
      filter,
      attributes: Object.values(attributes),
      explicitBufferAttributes: [attributes.certificate],
      derefAliases: 'never',
      timeLimit: Math.ceil(this.#timeoutMs / 1000),
      paged: { pageSize: PAGE },
    });
    for await (const { searchEntries } of pages) {
      found.push(...searchEntries);
      if (found.length >= MOST) break;
    }
    return found.slice(0, MOST);
  }

  #service(entry: Entry, readAt: string): DirectoryService[] {
    const { attributes } = this.options;
    const [name] = texts(entry[attributes.name]);
    if (name === undefined) return [];
    const [finess] = texts(entry[attributes.finess]);
    const [siret] = texts(entry[attributes.siret]);
    return [
      {
        name,
        ...(finess !== undefined && /^\d[\dAB]\d{7}$/.test(finess) ? { finess } : {}),
        ...(siret !== undefined && /^\d{14}$/.test(siret) ? { siret } : {}),
        mailboxes: texts(entry[attributes.mailbox])
          .filter((address) => /^[^@\s<>"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address))
          .map((address) => ({ address })),
        certificates: buffers(entry[attributes.certificate]).flatMap((bytes) => pemOf(bytes) ?? []),
        readAt,
      },
    ];
  }
}

function failure(cause: unknown): BrokerError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // a result code of LDAP: it heard us, and said no
  return typeof code === 'number'
    ? new BrokerError('transport.refused', { next: 'stop', cause })
    : new BrokerError('transport.unreachable', { cause });
}

function texts(value: Entry[string] | undefined): string[] {
  const all = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return all
    .map((one) => (Buffer.isBuffer(one) ? one.toString('utf8') : String(one)))
    .filter((one) => one !== '');
}

function buffers(value: Entry[string] | undefined): Buffer[] {
  const all = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return all.filter((one) => Buffer.isBuffer(one));
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
