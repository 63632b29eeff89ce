/** The same by LDAP, for a directory that is read so. Names of attributes are the installation's: ours are a proposal. */
import {
  BrokerError,
  type Clock,
  type DirectoryQuery,
  type DirectoryService,
  type HealthDirectory,
} from '#core';
import type { LdapAttributes, LdapServer } from './ldap-search.ts';
import { LdapThreads } from './ldap-threads.ts';

/** `relais/1`: attributes of the standard schemas; no national schema was read. */
export const LDAP_ATTRIBUTES: LdapAttributes = {
  name: 'o',
  finess: 'uid',
  siret: 'serialNumber',
  sector: 'businessCategory',
  mailbox: 'mail',
  certificate: 'userCertificate;binary',
};

export interface LdapDirectoryOptions extends LdapServer {
  clock: Clock;
  /** for the connection, and for each answer, milliseconds (default 10 000) */
  timeoutMs?: number;
  /** of one search, its pages together, milliseconds (default twice `timeoutMs`) */
  searchMs?: number;
}

/** at once: who types asks again at every key */
const THREADS = 4;

export class LdapDirectory implements HealthDirectory {
  readonly name = 'ldap';
  readonly #server: LdapServer;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #threads: LdapThreads;

  /** @throws BrokerError `configuration.invalid` for a server that would be asked in clear */
  constructor({ clock, timeoutMs = 10_000, searchMs = 2 * timeoutMs, ...server }: LdapDirectoryOptions) {
    const { protocol, hostname } = new URL(server.url);
    if (protocol !== 'ldaps:' && !server.startTls && !isLoopback(hostname))
      throw new BrokerError('configuration.invalid');
    this.#server = server;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#threads = new LdapThreads({ searchMs, threads: THREADS });
  }

  async services({ text }: DirectoryQuery, signal: AbortSignal): Promise<DirectoryService[]> {
    const outcome = await this.#threads
      .search({ server: this.#server, text, timeoutMs: this.#timeoutMs }, signal)
      .catch((cause: unknown) => {
        throw new BrokerError('transport.unreachable', { cause });
      });
    if ('refused' in outcome)
      throw new BrokerError('transport.refused', { next: 'stop', detail: `LDAP ${outcome.refused}` });
    const readAt = this.#clock.now().toISOString();
    return outcome.found.map((service) => ({ ...service, readAt }));
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
