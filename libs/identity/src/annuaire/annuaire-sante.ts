/** Annuaire Santé, FHIR version 2, read only: occupational health services with their MSSanté mailboxes (facts §2). */
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import { Agent, request } from 'undici';
import {
  BrokerError,
  type Clock,
  type DirectoryQuery,
  type DirectoryService,
  type HealthDirectory,
  parseJson,
} from '#core';
import { identifierIn } from './identifier.ts';
import { PROFILE, serviceOf } from './organization.ts';

export interface AnnuaireSanteOptions {
  /** base, https; http on loopback only */
  url: string;
  /** `ESANTE-API-KEY` */
  key: string;
  clock: Clock;
  /** of one call */
  timeoutMs?: number;
  /** the bound of the API, for one application */
  callsPerSecond?: number;
  /** of one search: a name typed in part may match hundreds */
  mostPages?: number;
}

const PAGE_BYTES = 8 << 20;
const WAITING_CALLS = 100;
const LONGEST_REST_SECONDS = 300;

export class AnnuaireSante implements HealthDirectory {
  readonly name = 'annuaire-sante';
  readonly #base: URL;
  readonly #agent: Agent;
  readonly #calls: RateLimiterQueue;
  readonly #timeoutMs: number;
  readonly #mostPages: number;
  /** told to call no more until then, by `clock` */
  #restsUntil = 0;

  constructor(private readonly options: AnnuaireSanteOptions) {
    const { url, timeoutMs = 30_000, callsPerSecond = 17, mostPages = 4 } = options;
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`);
    this.#timeoutMs = timeoutMs;
    this.#mostPages = mostPages;
    this.#agent = new Agent({ maxResponseSize: PAGE_BYTES, connect: { timeout: 10_000 }, connections: 4 });
    const limiter = new RateLimiterMemory({ points: callsPerSecond, duration: 1 });
    this.#calls = new RateLimiterQueue(limiter, { maxQueueSize: WAITING_CALLS });
  }

  async services({ text }: DirectoryQuery, signal: AbortSignal): Promise<DirectoryService[]> {
    const found: DirectoryService[] = [];
    let page: URL | undefined = this.#first(text);
    for (let n = 0; page !== undefined && n < this.#mostPages; n++) {
      const bundle = await this.#get(page, signal);
      const readAt = this.options.clock.now().toISOString();
      for (const { resource } of entriesOf(bundle)) {
        const service = serviceOf(resource, readAt);
        if (service !== undefined) found.push(service);
      }
      page = this.#next(bundle);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #first(text: string): URL {
    const page = new URL('Organization', this.#base);
    const { system, code } = PROFILE.sector;
    page.searchParams.set('type', `${system}|${code}`);
    page.searchParams.set('_count', '50');
    const whole = identifierIn(text);
    if (whole === undefined) page.searchParams.set('name:contains', asValue(text));
    else if ('siret' in whole) page.searchParams.set('identifier', `${PROFILE.siret}|${whole.siret}`);
    else page.searchParams.set('identifier', `${PROFILE.finess}|${whole.finess}`);
    return page;
  }

  /** The key goes to the directory and nowhere else: a next page that stands elsewhere is no next page. */
  #next(bundle: Json): URL | undefined {
    const links = Array.isArray(bundle['link']) ? (bundle['link'] as unknown[]) : [];
    const next = links.map(asObject).find(({ relation }) => relation === 'next')?.['url'];
    if (next === undefined) return undefined;
    const url = typeof next === 'string' ? URL.parse(next, this.#base.href) : null;
    if (
      url?.origin !== this.#base.origin ||
      !url.pathname.startsWith(this.#base.pathname) ||
      url.username !== ''
    )
      throw new BrokerError('transport.bad-answer', { detail: 'Page suivante hors de l’annuaire.' });
    return url;
  }

  async #get(url: URL, signal: AbortSignal): Promise<Json> {
    const { clock, key } = this.options;
    const rest = Math.ceil((this.#restsUntil - clock.now().getTime()) / 1000);
    if (rest > 0) throw new BrokerError('transport.unreachable', { retryAfter: rest });
    const ending = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      await this.#calls.removeTokens(1);
      ending.throwIfAborted();
      const answer = await request(url, {
        headers: { accept: 'application/fhir+json', 'esante-api-key': key },
        signal: ending,
        dispatcher: this.#agent,
        headersTimeout: this.#timeoutMs,
        bodyTimeout: this.#timeoutMs,
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      return this.#judged(answer.statusCode, answer.headers['retry-after'], bytes);
    } catch (cause) {
      if (cause instanceof BrokerError) throw cause;
      throw new BrokerError('transport.unreachable', { cause });
    }
  }

  /** An OperationOutcome says why in words that may repeat what was asked: its codes are enough. */
  #judged(status: number, retryAfter: unknown, bytes: Uint8Array): Json {
    if (status === 429 || status >= 500) {
      const seconds = Math.min(Number(retryAfter) || 1, LONGEST_REST_SECONDS);
      if (status === 429) this.#restsUntil = this.options.clock.now().getTime() + seconds * 1000;
      throw new BrokerError('transport.unreachable', { retryAfter: seconds });
    }
    if (status !== 200)
      throw new BrokerError('transport.refused', { next: 'stop', detail: `HTTP ${status}` });
    const json = readJson(bytes);
    if (json['resourceType'] === 'OperationOutcome')
      throw new BrokerError('transport.refused', { next: 'stop' });
    if (json['resourceType'] !== 'Bundle' || json['type'] !== 'searchset')
      throw new BrokerError('transport.bad-answer');
    return json;
  }
}

/** FHIR R4 §3.1.1.5: a comma would ask for either, a bar for a token's system. */
function asValue(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&');
}

type Json = Record<string, unknown>;

function readJson(bytes: Uint8Array): Json {
  try {
    return asObject(parseJson(bytes));
  } catch (cause) {
    throw new BrokerError('transport.bad-answer', { cause });
  }
}

function entriesOf(bundle: Json): Json[] {
  return Array.isArray(bundle['entry']) ? (bundle['entry'] as unknown[]).map(asObject) : [];
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
