/**
 * One search of a directory, on a thread of its own. Node loads this file as it stands when the sources run, so it and
 * all that it imports have types only: no decorator, no parameter property, and of `#core` its types alone.
 */
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { AndFilter, Client, type Entry, EqualityFilter, SubstringFilter } from 'ldapts';
import type { DirectoryService } from '#core';
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

export interface LdapServer {
  /** ldaps, or ldap with StartTLS; ldap without TLS on loopback only */
  url: string;
  base: string;
  attributes: LdapAttributes;
  startTls: boolean;
  /** PEM anchors of the server; the system's by default */
  ca?: string;
  bind?: { dn: string; password: string };
}

export interface LdapOrder {
  server: LdapServer;
  text: string;
  /** for the connection, and for each answer, milliseconds */
  timeoutMs: number;
}

/** A refusal crosses back as a value: an exception would lose its result code on the way. */
export type LdapOutcome = { found: Omit<DirectoryService, 'readAt'>[] } | { refused: number };

const SECTOR = 'SA66';
const PAGE = 50;
const MOST = 200;
/** of all that a server says in one search, 20 kB an entry: ldapts keeps a message whole, whatever length it announces */
const MOST_BYTES = 4 << 20;
const LOOK_MS = 20;

/** @throws what the network and ldapts throw; a result code of LDAP is no exception: it heard us, and said no */
export async function searchLdap({ server, text, timeoutMs }: LdapOrder): Promise<LdapOutcome> {
  const sockets = new Set<Socket>();
  const look = setInterval(() => {
    for (const socket of sockets) if (socket.bytesRead > MOST_BYTES) socket.destroy();
  }, LOOK_MS);
  const client = clientOf(server, timeoutMs, sockets);
  try {
    const { startTls, bind, attributes } = server;
    if (startTls) await client.startTLS(tlsOf(server));
    if (bind !== undefined) await client.bind(bind.dn, bind.password);
    const entries = await entriesOf(client, server, text, timeoutMs);
    return { found: entries.flatMap((entry) => serviceOf(entry, attributes)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code === 'number') return { refused: code };
    throw error;
  } finally {
    clearInterval(look);
    await client.unbind().catch(() => undefined);
  }
}

/** One for each search: ldapts opens a lost connection again, and after StartTLS it would do so in clear. */
function clientOf(server: LdapServer, timeoutMs: number, sockets: Set<Socket>): Client {
  const { url } = server;
  let opened = false;
  const seen = <S extends Socket>(socket: S): S => {
    sockets.add(socket);
    return socket;
  };
  const once = ((...words: Parameters<typeof connect>) => {
    if (opened) throw new TypeError('the connection is lost');
    opened = true;
    return seen(connect(...words));
  }) as typeof connect;
  const secure = ((...words: Parameters<typeof connectTls>) =>
    seen(connectTls(...words))) as typeof connectTls;
  return new Client({
    url,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    createSecureConnection: secure,
    ...(url.startsWith('ldaps:') ? { tlsOptions: tlsOf(server) } : { createConnection: once }),
  });
}

function tlsOf({ url, ca }: LdapServer): ConnectionOptions {
  const { hostname } = new URL(url);
  return {
    minVersion: 'TLSv1.2',
    host: hostname,
    ...(/^[\d.:[\]]+$/.test(hostname) ? {} : { servername: hostname }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/** What was typed is a value of the filter, never a piece of it. */
async function entriesOf(
  client: Client,
  { base, attributes }: LdapServer,
  text: string,
  timeoutMs: number,
): Promise<Entry[]> {
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
    timeLimit: Math.ceil(timeoutMs / 1000),
    paged: { pageSize: PAGE },
  });
  for await (const { searchEntries } of pages) {
    found.push(...searchEntries);
    if (found.length >= MOST) break;
  }
  return found.slice(0, MOST);
}

function serviceOf(entry: Entry, attributes: LdapAttributes): Omit<DirectoryService, 'readAt'>[] {
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
    },
  ];
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
