/** Annuaire Santé on loopback, FHIR version 2: invented structures, its key, its pages, its bound; it misbehaves as told. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ListedStructure, organization } from './organization.ts';

export type { ListedStructure } from './organization.ts';

/**
 * - `too-many`: 429, with a Retry-After of seconds
 * - `silent`: takes the request and answers nothing
 * - `next`: where it says that the next page is
 * - `garbage`: 200, and no FHIR
 * - `outcome`: an OperationOutcome under that status
 */
export type AnnuaireMisbehaviour =
  | 'silent'
  | 'garbage'
  | { 'too-many': number }
  | { next: string }
  | { outcome: number };

export interface AnnuaireSimulator {
  /** base of the API */
  url: string;
  /** instants (ms) of the calls so far, with what each asked */
  readonly calls: readonly { at: number; query: URLSearchParams; key: string | undefined }[];
  misbehave(how?: AnnuaireMisbehaviour): void;
  close(): Promise<void>;
}

export interface AnnuaireOptions {
  key: string;
  structures: readonly ListedStructure[];
  port?: number;
}

const PATH = '/fhir/v2/';

export async function startAnnuaire({
  key,
  structures,
  port = 0,
}: AnnuaireOptions): Promise<AnnuaireSimulator> {
  const calls: { at: number; query: URLSearchParams; key: string | undefined }[] = [];
  let how: AnnuaireMisbehaviour | undefined;
  let base = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', base);
    const shown = request.headers['esante-api-key'];
    calls.push({
      at: Date.now(),
      query: url.searchParams,
      key: typeof shown === 'string' ? shown : undefined,
    });
    if (how === 'silent') return;
    if (how === 'garbage') return void response.writeHead(200).end('<html>OK</html>');
    if (typeof how === 'object' && 'too-many' in how)
      return void response.writeHead(429, { 'retry-after': String(how['too-many']) }).end();
    if (typeof how === 'object' && 'outcome' in how) return outcome(response, how.outcome);
    if (shown !== key) return outcome(response, 401);
    if (request.method !== 'GET' || url.pathname !== `${PATH}Organization`) return outcome(response, 404);
    const next = typeof how === 'object' && 'next' in how ? how.next : undefined;
    answer(response, 200, pageOf(structures, url, next));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${base}${PATH.slice(0, -1)}`,
    calls,
    misbehave: (next) => {
      how = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pageOf(structures: readonly ListedStructure[], url: URL, forced: string | undefined): object {
  const { searchParams: asked } = url;
  const found = structures.filter((one) => matches(one, asked));
  const size = Number(asked.get('_count') ?? 50);
  const from = Number(asked.get('_offset') ?? 0);
  const following = new URL(url);
  following.searchParams.set('_offset', String(from + size));
  const next = forced ?? (from + size < found.length ? following.href : undefined);
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: found.length,
    link: [
      { relation: 'self', url: url.href },
      ...(next === undefined ? [] : [{ relation: 'next', url: next }]),
    ],
    entry: found.slice(from, from + size).map((one) => ({ resource: organization(one) })),
  };
}

function matches(one: ListedStructure, asked: URLSearchParams): boolean {
  const names = asked.get('name:contains') === null ? undefined : valuesOf(asked.get('name:contains') ?? '');
  const [, identifier] = asked.get('identifier')?.split('|') ?? [];
  const [, sector] = asked.get('type')?.split('|') ?? [];
  return (
    (names === undefined || names.some((name) => folded(one.name).includes(folded(name)))) &&
    (identifier === undefined || one.siret === identifier || one.finess === identifier) &&
    (sector === undefined || sector === (one.sector ?? 'SA66'))
  );
}

/** Values between commas, each of which may hold escaped ones (FHIR R4 §3.1.1.5). */
function valuesOf(parameter: string): string[] {
  return (parameter.match(/(?:\\.|[^,\\])*/g) ?? [])
    .filter((one) => one !== '')
    .map((one) => one.replace(/\\(.)/g, '$1'));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function outcome(response: ServerResponse, status: number): void {
  const issue = [{ severity: 'error', code: 'processing', diagnostics: 'demande refusée' }];
  answer(response, status, { resourceType: 'OperationOutcome', issue });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
}
