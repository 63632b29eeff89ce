/** What the portability scenarios share: one worker, a request for her dossier, dossiers of other services, looks into the store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import type { HeldDossier } from '../../apps/simulators/src/spsti/index.ts';
import { type Answer, eventually, type TestRelais } from './relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid');

export const DAY = 86_400_000;

/** Test identity of the INSi platform. */
export const ZOE = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-31',
  birthPlace: '63220',
};

export const ZOE_INS = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };

/** A well-formed matricule that INSi gives to somebody else. */
export const OTHER_INS = { value: '2600588154002', key: '33', oid: '1.2.250.1.213.1.4.8' };

export type Json = Record<string, unknown>;

export function aRequest(changes: Json = {}): string {
  return JSON.stringify({
    worker: { traits: ZOE },
    sources: ['spsti-a'],
    informedAt: '2026-11-20T09:00:00Z',
    nonOpposition: true,
    recordedBy: 'Dr FICTIF',
    evidenceSeen: 'CN',
    ...changes,
  });
}

const LAST_VISIT = '2026-05-11';

/** ZOE's DMST: the full sample of the contract; with another last visit, the shortest that is still a dossier. */
export function aDmst({
  identity = {},
  lastVisit = LAST_VISIT,
}: {
  identity?: Json;
  lastVisit?: string;
} = {}): Buffer {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(SAMPLES, `response.${name}.json`), 'utf8')) as {
      identity: Json;
      closure: Json;
    };
  const full = read('full');
  const dmst = lastVisit === LAST_VISIT ? full : read('minimal');
  Object.assign(dmst.identity, ZOE, { ins: full.identity['ins'] }, identity);
  dmst.closure['lastVisitAt'] = lastVisit;
  return Buffer.from(JSON.stringify(dmst));
}

/** ZOE's file in another service. */
export function aDossier(changes: Partial<HeldDossier> = {}): HeldDossier {
  const lastVisit = changes.lastVisit ?? LAST_VISIT;
  return {
    birthName: 'ADRUN',
    birthDate: '1975-12-31',
    lastVisit,
    mediaType: 'application/json',
    content: changes.mediaType === 'application/pdf' ? Buffer.alloc(0) : aDmst({ lastVisit }),
    ...changes,
  };
}

/** Asks as a person and gives the request's id. */
export async function asked(
  relais: TestRelais,
  changes: Json = {},
  account: DemoAccount = 'doctor-b',
): Promise<string> {
  const answer = await relais.by(account)('/v1/dmst-requests', { body: aRequest(changes) });
  if (answer.status !== 202) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer.json['id'] as string;
}

export interface RequestView {
  id: string;
  state: string;
  answered: string;
  sources: { partner: string; state: string; refusal?: string; overdue?: boolean }[];
  best?: { partner: string; messageId: string; lastVisit: string };
}

export async function seen(
  relais: TestRelais,
  id: string,
  account: DemoAccount = 'doctor-b',
): Promise<RequestView> {
  const { json } = await relais.by(account)(`/v1/dmst-requests/${id}`);
  return json as unknown as RequestView;
}

/** Waits until the request looks as wanted. */
export function until(
  relais: TestRelais,
  id: string,
  wanted: (view: RequestView) => boolean,
  seconds?: number,
): Promise<RequestView> {
  return eventually(async () => {
    const view = await seen(relais, id);
    return wanted(view) && view;
  }, seconds);
}

export const arrived = ({ state }: RequestView): boolean => ['RECEIVED', 'OPENED', 'FILED'].includes(state);

/** Rows of the broker's own database, read beside it. */
export function rows(relais: TestRelais, sql: string, ...params: (string | number)[]): Json[] {
  const database = new Database(join(relais.demo.home, 'relais.sqlite'), { readonly: true });
  try {
    return database.prepare(sql).all(...params) as Json[];
  } finally {
    database.close();
  }
}

export interface Entry {
  id: string;
  at: string;
  kind: string;
  actor: string;
  messageId?: string;
  deliveryId?: string;
  exchangeId?: string;
  details?: Record<string, unknown>;
}

/** Every journal entry so far. */
export function journal(relais: TestRelais): Entry[] {
  return rows(relais, 'SELECT body FROM journal_entry ORDER BY id').map(
    ({ body }) => JSON.parse(body as string) as Entry,
  );
}

export interface ExchangeRow {
  id: string;
  request_id: string;
  responder: string;
  subject_ref: string;
  state: string;
  answer_id: string | null;
}

/** The exchanges of a request, by responder. */
export function exchangesOf(relais: TestRelais, requestId: string): ExchangeRow[] {
  return rows(
    relais,
    'SELECT * FROM exchange WHERE group_id = ? ORDER BY responder',
    requestId,
  ) as unknown as ExchangeRow[];
}

/** What mailboxes showed so far, by service: a lease hides it from the next look. */
const shown = new WeakMap<TestRelais, Map<string, Json[]>>();

/** Looks into a service's mailbox without acknowledging anything: all that it ever showed. */
export async function mailbox(relais: TestRelais, service: string): Promise<Json[]> {
  const { json } = await relais.as(service)('/v1/mailbox?limit=100');
  const services = shown.get(relais) ?? new Map<string, Json[]>();
  shown.set(relais, services);
  const events = [...(services.get(service) ?? []), ...(json as unknown as Json[])];
  services.set(service, events);
  return events;
}

/** Waits until the source's mailbox shows the request of this group, without acknowledging it. */
export function requestInMailbox(relais: TestRelais, source: string, requestId: string): Promise<Json> {
  return eventually(async () => {
    const events = await mailbox(relais, source);
    const exchange = exchangesOf(relais, requestId).find(({ responder }) => responder === source);
    return events.find(({ id }) => id === exchange?.request_id);
  });
}

/** A service's software sends by hand what it answers to one exchange. */
export function answerBy(
  relais: TestRelais,
  source: string,
  exchange: Pick<ExchangeRow, 'id' | 'subject_ref'>,
  answer: {
    id?: string;
    object?: 'response' | 'refusal';
    mediaType?: string;
    body: string | Uint8Array;
    lastvisit?: string;
    headers?: Record<string, string>;
  },
): Promise<Answer> {
  const object = answer.object ?? 'response';
  const response: Record<string, string> =
    object === 'response'
      ? { 'ce-lastvisit': answer.lastvisit ?? LAST_VISIT, 'ce-subjectref': exchange.subject_ref }
      : {};
  return relais.as(source)('/v1/messages', {
    body: answer.body,
    headers: {
      'content-type': answer.mediaType ?? 'application/json',
      'ce-specversion': '1.0',
      'ce-id': answer.id ?? `${object}-${exchange.id}`,
      'ce-source': `urn:relais:partner:${source}`,
      'ce-type': `fr.relais-st.dmst-portability.${object}.v1`,
      'ce-recipient': 'spsti-b',
      'ce-correlationid': exchange.id,
      ...response,
      ...answer.headers,
    },
  });
}
