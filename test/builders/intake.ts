/** Messages to post, bytes that no client library would send, and what the store holds after. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Store } from '#storage';
import { STORE } from '../../apps/broker/src/tokens.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

const CONTRACTS = join(import.meta.dirname, '../../contracts');

/** A valid sample of a contract, as bytes: `aSample('insi', 'search.adrun')`. */
export function aSample(flow: string, name: string): Buffer {
  return readFileSync(join(CONTRACTS, flow, 'samples/valid', `${name}.json`));
}

export const REQUEST_TYPE = 'fr.relais-st.dmst-portability.request.v1';

/** Attributes of a request that spsti-b sends to spsti-a, with an id of its own; undefined takes one away. */
export function attributes(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const all = {
    specversion: '1.0',
    id: `test-${randomUUID()}`,
    source: 'urn:relais:partner:spsti-b',
    type: REQUEST_TYPE,
    datacontenttype: 'application/json',
    recipient: 'spsti-a',
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The same as headers of the binary mode. */
export function binary(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const { datacontenttype, ...rest } = attributes(changes);
  const headers = Object.entries(rest).map(([name, value]) => [`ce-${name}`, value]);
  return {
    ...Object.fromEntries(headers),
    ...(datacontenttype === undefined ? {} : { 'content-type': datacontenttype }),
  };
}

export const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
export const BATCH = { 'content-type': 'application/cloudevents-batch+json' };

/** A request without matricule: no identity is asked of anybody. */
export const REQUEST = aSample('dmst-portability', 'request.without-ins');
export const content = JSON.parse(REQUEST.toString()) as Record<string, unknown>;
/** the form in which structured mode passes JSON on */
export const compact = Buffer.from(JSON.stringify(content));

export function storeOf(relais: TestRelais): Store {
  return relais.broker.app.get<Store>(STORE);
}

const TABLES = [
  ...['message', 'payload_chunk', 'delivery', 'delivery_part', 'job'],
  ...['exchange', 'dmst_request', 'held_identity', 'delegation'],
];

/** How many rows each table holds, the journal aside. */
export async function rows(relais: TestRelais): Promise<Record<string, number>> {
  const { source } = storeOf(relais);
  const counts: [string, number][] = [];
  for (const table of TABLES) {
    const [row] = await source.query<{ n: number }[]>(`SELECT count(*) AS n FROM ${table}`);
    counts.push([table, row?.n ?? -1]);
  }
  return Object.fromEntries(counts);
}

export interface Told {
  id: string;
  kind: string;
  actor: string;
  details?: Record<string, unknown>;
}

/** Journal entries written after this one, in the order of their ids. */
export async function journalAfter(relais: TestRelais, id: string): Promise<Told[]> {
  const found = await storeOf(relais).source.query<{ body: string }[]>(
    'SELECT body FROM journal_entry WHERE id > ? ORDER BY id',
    [id],
  );
  return found.map(({ body }) => JSON.parse(body) as Told);
}

export async function lastEntry(relais: TestRelais): Promise<string> {
  const [row] = await storeOf(relais).source.query<{ id: string | null }[]>(
    'SELECT max(id) AS id FROM journal_entry',
  );
  return row?.id ?? '';
}

/** Until no job is left: what a good message started is over. */
export async function settled(relais: TestRelais): Promise<void> {
  await eventually(async () => (await storeOf(relais).records.openJobs()) === 0);
}

export interface RawOptions {
  /** half-closes after the last byte */
  end?: boolean;
  /** cuts the line after so long */
  cutAfterMs?: number;
  /** bytes that follow, one at a time, with so long before each */
  trickle?: { text: string; everyMs: number };
}

/** Bytes over mutual TLS, and every byte that came back until the line closed. */
export function raw(
  relais: TestRelais,
  partner: string,
  bytes: string | Buffer,
  { end, cutAfterMs, trickle }: RawOptions = {},
): Promise<Answer | undefined> {
  const base = join(relais.demo.home, 'pki/partners', partner);
  return new Promise((resolve) => {
    const socket = connect(
      {
        port: relais.broker.ports.partners,
        host: 'localhost',
        cert: readFileSync(`${base}.crt`),
        key: readFileSync(`${base}.key`),
        ca: readFileSync(relais.demo.paths.ca.crt),
      },
      () => {
        socket.write(bytes);
        if (end === true) socket.end();
        if (cutAfterMs !== undefined) setTimeout(() => socket.destroy(), cutAfterMs);
        if (trickle !== undefined) void drip(trickle);
      },
    );
    const drip = async ({ text, everyMs }: { text: string; everyMs: number }) => {
      for (const character of text) {
        await new Promise((next) => setTimeout(next, everyMs));
        socket.write(character);
      }
    };
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks))));
  });
}

/** Request line and headers of a POST that closes the connection. */
export function postHead(path: string, headers: Record<string, string | number>, more = ''): string {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}${more}\r\n`;
}

function parsed(bytes: Buffer): Answer | undefined {
  const split = bytes.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const [status = '', ...lines] = bytes.subarray(0, split).toString().split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(split + 4);
  return {
    status: Number(status.split(' ')[1]),
    headers,
    json: /json/.test(headers['content-type'] ?? '') ? JSON.parse(body.toString()) : undefined,
    bytes: body,
  };
}
