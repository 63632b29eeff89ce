/** The three stages on a real SQLite store, with a clock that a test moves, a transport that it scripts and real envelopes. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compactDecrypt, decodeJwt } from 'jose';
import { flows as flowsInForce } from '#contracts';
import {
  Accept,
  type Acceptance,
  BrokerError,
  compileSchemas,
  Deliver,
  type Delivery,
  Doubts,
  type EventAttributes,
  type FlowInForce,
  Groups,
  type IdentityVerdict,
  type Incoming,
  type JournalEntry,
  Keeper,
  Outbound,
  OwnMessages,
  type Parcel,
  type Partner,
  Prepare,
  type SealedPart,
  Sealer,
  type Sent,
  type Settings,
  type Slot,
  type Stages,
  type Transport,
  type Write,
} from '#core';
import { EnvelopeVault, JweProtection, Keyring, newKekText, TenantKeys, TrustStore } from '#protection';
import { DatabaseQueue } from '#queue';
import { openStore, type Store } from '#storage';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { type CorePki, corePki } from './core-pki.ts';
import { anEvent, essai, type Note } from './flow.ts';
import { lendKeyFolder } from './rsa-keys.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const SERVICES = ['spsti-a', 'spsti-b', 'spsti-c'];

export const SETTINGS: Settings = {
  retry: { firstMs: 1_000, maxMs: 60_000, attempts: 3 },
  attemptTimeoutMs: 5_000,
  tickMs: 60_000,
  keyMemoryDays: 400,
  portalDays: 30,
  partBytes: 8 << 20,
  bulkPartBytes: 2 << 20,
};

/** What the transport does with the next parcel: `undefined` = left for the recipient to fetch. */
export type Script = (parcel: Parcel, signal: AbortSignal) => Promise<Sent | undefined> | Sent | undefined;

/** What a test changes of what service b sends. */
export type Sending = Partial<Omit<Incoming, 'event'>> & { event?: Partial<EventAttributes> };

/** What a test changes of lines that service b sends. */
export interface LinesSending {
  event?: Partial<EventAttributes>;
  pieceBytes?: number;
  /** the connection is cut after so many pieces */
  cutAfter?: number;
}

export interface World extends Stages {
  store: Store;
  pki: CorePki;
  accept: Accept;
  prepare: Prepare;
  deliver: Deliver;
  groups: Groups;
  keeper: Keeper;
  sealer: Sealer;
  own: OwnMessages;
  /** moves the clock on */
  pass(time: { ms?: number; hours?: number; days?: number }): void;
  /** lists of writes that were committed, and what stands in for the next commit */
  commits: Write[][];
  /** makes the commit that holds such a write fail, once */
  failCommitOf(name: Write['write'], error: Error): void;
  /** lanes with a free slot: sending may follow the accepting commit at once */
  freeLanes: Set<string>;
  /** slots taken and neither run nor released */
  openSlots(): number;
  /** parcels handed to the transports */
  parcels: Parcel[];
  script: Script;
  verdict: IdentityVerdict | Error;
  /** what the identity port knows without a call */
  knownVerdict: IdentityVerdict | undefined;
  identityCalls: number;
  partners: Map<string, Partner>;
  /** message id → settled answer, for callers that wait */
  waiting: Map<string, unknown>;
  released: string[];
  /** as service b by default */
  send(object: string, note?: Partial<Note>, changes?: Sending): Promise<Acceptance>;
  /** the same line by line, in pieces of `pieceBytes` */
  sendLines(object: string, lines: readonly unknown[], changes?: LinesSending): Promise<Acceptance>;
  /** runs every due job and what they make due */
  run(): Promise<number>;
  journal(): Promise<JournalEntry[]>;
  kinds(messageId?: string): Promise<string[]>;
  deliveryOf(messageId: string, recipient?: string): Promise<Delivery>;
  /** inner claims and content of a part, by the recipient's own key */
  open(part: SealedPart, partner: string): Promise<{ claims: Record<string, unknown>; content: Buffer }>;
  rows(table: string, where?: string): Promise<Record<string, unknown>[]>;
  /** ends what is under way; the store serves the next world of the file, empty */
  done(): Promise<void>;
}

export const RECEIVED = (parcel: Parcel, at: Date): Sent => ({
  receipt: { outcome: 'received', at: at.toISOString(), ...(parcel.attempt > 1 ? { detail: 'repeat' } : {}) },
});

export function aVerdict(changes: Partial<IdentityVerdict> = {}): IdentityVerdict {
  return {
    outcome: 'found',
    status: 'QUAL',
    attributes: [],
    reasons: [{ code: 'insi.found', detail: 'Trouvée.' }],
    inDoubt: false,
    verifiedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

export async function aWorld(settings: Partial<Settings> = {}): Promise<World> {
  const pki = await corePki();
  const { folder, store } = await emptyStore();
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  let drawn = 0;
  // UUIDv7 in form: growing, so that the order of ids is the order of drawing
  const ids = { next: () => `00000000-0000-7000-8000-${(++drawn).toString(16).padStart(12, '0')}` };
  const trust = await TrustStore.of({ anchors: pki.anchors, crls: [pki.crl], production: false });
  for (const id of SERVICES) lendKeyFolder(join(folder, 'portal', id), `portal.${id}`);
  const tenants = new TenantKeys(join(folder, 'portal'), pki.signing);
  const partners = new Map(SERVICES.map((id) => [id, aPartner(pki, id)]));
  partners.set('insi', {
    ...aPartner(pki, 'spsti-a'),
    id: 'insi',
    kind: 'insi',
    transport: 'insi',
    keys: {},
  });
  const flows = new Map<string, FlowInForce>([['essai', essai]]);
  for (const flow of flowsInForce)
    flows.set(flow.contract.flow, {
      flow,
      hash: 'f'.repeat(64),
      open: true,
      schemaFindings: compileSchemas(flow),
    });
  const failures = new Map<string, Error>();
  const slots = new Set<Slot>();
  const running: Promise<void>[] = [];

  const transport: Transport = {
    name: 'https',
    async send(parcel, signal) {
      world.parcels.push(parcel);
      return world.script(parcel, signal);
    },
  };
  const stages: Stages = {
    clock,
    ids,
    records: store.records,
    unitOfWork: {
      claim: (request) => store.unitOfWork.claim(request),
      leaseMailbox: (request) => store.unitOfWork.leaseMailbox(request),
      async commit(writes) {
        const failing = writes.find((one) => failures.has(one.write))?.write ?? '';
        const failure = failures.get(failing);
        failures.delete(failing);
        if (failure !== undefined) throw failure;
        await store.unitOfWork.commit(writes);
        world.commits.push([...writes]);
      },
    },
    vault: new EnvelopeVault(Keyring.fromText(newKekText())),
    signer: pki.signing,
    protection: new JweProtection(pki.signing, pki.encryption, trust, clock, tenants),
    transports: { for: () => transport },
    identity: {
      async verify() {
        world.identityCalls++;
        if (world.verdict instanceof Error) throw world.verdict;
        return world.verdict;
      },
      cached: async () => world.knownVerdict,
      sameTraits: (one, other) => JSON.stringify(one) === JSON.stringify(other),
      decided: (verdict) => ({ ...verdict, status: 'VALI', inDoubt: false }),
      datamatrix: () => undefined,
    },
    renderer: {
      render: async (model) => Buffer.from(`%PDF-1.7 ${model.title}`),
      inspect: async (pdf) =>
        Buffer.from(pdf).includes('/JavaScript')
          ? [{ pointer: '', code: 'pdf.active', detail: 'Contenu actif.' }]
          : [],
    },
    directory: {
      partner: (id) => world.partners.get(id) ?? portalCopy(id, world.partners),
      all: () => [...world.partners.values()],
    },
    flows: { of: (flow) => flows.get(flow) },
    workers: { of: (partner, { birthName }) => `${birthName} of ${partner}` },
    subjects: {
      of: (portal, subject) =>
        `${'siret' in subject ? subject.siret : subject.traits.birthName} at ${portal}`,
    },
    bell: {
      ring: () => undefined,
      reserve(lane) {
        if (!world.freeLanes.has(lane)) return undefined;
        const slot: Slot = {
          lease: `slot-${ids.next()}`,
          leaseUntil: new Date(now + 30_000).toISOString(),
          run(_, work) {
            slots.delete(slot);
            running.push(work(new AbortController().signal));
          },
          release: () => slots.delete(slot),
        };
        slots.add(slot);
        return slot;
      },
    },
    waiters: {
      claim: (id) => world.waiting.has(id),
      settle: (id, answer) => world.waiting.set(id, answer),
      refuse: (id, problem) => world.waiting.set(id, problem),
      release: (id) => world.released.push(id),
    },
    tools: contentTools,
    settings: { ...SETTINGS, ...settings },
  };
  const own = new OwnMessages(stages);
  const groups = new Groups(stages);
  const deliver = new Deliver(stages, own);
  const prepare = new Prepare(stages, new Outbound(stages), deliver, groups, new Doubts(stages));
  const queue = new DatabaseQueue({
    clock,
    records: store.records,
    unitOfWork: store.unitOfWork,
    handlers: {
      prepare: (job, signal) => prepare.run(job, signal),
      deliver: (job, signal) => deliver.run(job, signal),
    },
    concurrency: 4,
    leaseMs: 30_000,
    pollMs: 1_000,
    onFailure: (_, error) => {
      throw error;
    },
  });
  const entries = async () =>
    (await store.source.query('SELECT body FROM journal_entry ORDER BY id')).map(
      ({ body }: { body: string }) => JSON.parse(body) as JournalEntry,
    ) as JournalEntry[];

  const world: World = {
    ...stages,
    store,
    pki,
    own,
    groups,
    deliver,
    prepare,
    accept: new Accept(stages, prepare),
    keeper: new Keeper(stages, store.keeper, groups, own),
    sealer: new Sealer(clock, pki.signing, stages.unitOfWork, store.keeper),
    pass: ({ ms = 0, hours = 0, days = 0 }) => {
      now += ms + hours * 3_600_000 + days * 86_400_000;
    },
    commits: [],
    failCommitOf: (name, error) => failures.set(name, error),
    freeLanes: new Set(),
    openSlots: () => slots.size,
    parcels: [],
    script: (parcel) => RECEIVED(parcel, clock.now()),
    verdict: aVerdict(),
    knownVerdict: undefined,
    identityCalls: 0,
    partners,
    waiting: new Map(),
    released: [],
    send(object, note = {}, { event, ...changes } = {}) {
      const partner = changes.partner ?? (world.partners.get('spsti-b') as Partner);
      return world.accept.accept({
        partner,
        event: anEvent(object, { source: `urn:relais:partner:${partner.id}`, ...event }),
        data: Buffer.from(JSON.stringify({ text: 'bonjour', ...note })),
        mediaType: 'application/json',
        ...changes,
      });
    },
    sendLines(object, lines, { event, ...how } = {}) {
      const partner = world.partners.get('spsti-b') as Partner;
      return world.accept.acceptStream({
        partner,
        event: anEvent(object, { datacontenttype: 'application/x-ndjson', ...event }),
        data: inPieces(lines, how),
        mediaType: 'application/x-ndjson',
      });
    },
    async run() {
      await Promise.all(running.splice(0));
      return queue.runUntilEmpty();
    },
    journal: entries,
    kinds: async (messageId) =>
      (await entries())
        .filter((entry) => messageId === undefined || entry.messageId === messageId)
        .map(({ kind }) => kind),
    async deliveryOf(messageId, recipient = 'spsti-a') {
      const all = await store.records.deliveries(messageId);
      const found = all.find((one) => one.recipient === recipient);
      if (found === undefined) throw new Error(`no delivery to ${recipient}`);
      return found;
    },
    async open({ jwe, audience }, partner) {
      const tenant = /^portal:(.+)$/.exec(partner)?.[1];
      if (tenant !== undefined) return { claims: {}, content: tenants.open(tenant, jwe) };
      const { plaintext } = await compactDecrypt(jwe, pki.privateKey(partner, audience));
      const bytes = Buffer.from(plaintext);
      const end = bytes.indexOf('\n');
      return { claims: decodeJwt(bytes.subarray(0, end).toString()), content: bytes.subarray(end + 1) };
    },
    rows: (table, where = '1 = 1') => store.source.query(`SELECT * FROM ${table} WHERE ${where}`),
    async done() {
      await Promise.all(running.splice(0));
    },
  };
  return world;
}

let opened: Promise<{ folder: string; store: Store }> | undefined;

/** One store for all spec files of a worker: a thread and a schema cost more than a test. It ends with the worker. */
async function emptyStore(): Promise<{ folder: string; store: Store }> {
  opened ??= openOnce();
  const { folder, store } = await opened;
  const database = new Database(join(folder, 'relais.db'));
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all();
  database.pragma('foreign_keys = OFF');
  database.transaction(() => {
    for (const table of tables) if (table !== 'migrations') database.exec(`DELETE FROM ${table}`);
  })();
  database.close();
  return { folder, store };
}

async function openOnce(): Promise<{ folder: string; store: Store }> {
  mkdirSync(VAR, { recursive: true });
  const folder = mkdtempSync(join(VAR, 'core-'));
  return { folder, store: await openStore({ file: join(folder, 'relais.db') }) };
}

export function aPartner(pki: CorePki, id: string, changes: Partial<Partner> = {}): Partner {
  return {
    id,
    kind: 'spsti',
    name: id.toUpperCase(),
    client: { issuer: 'CN=TEST', subject: `CN=${id}` },
    flows: ['essai', 'dmst-portability'],
    transport: 'https',
    endpoint: 'https://localhost/',
    keys: { enc: [pki.certificate(id, 'enc')], 'enc-h': [pki.certificate(id, 'enc-h')] },
    ...changes,
  };
}

/** As the broker has it: a copy of a service's dossiers, under keys of Relais. */
function portalCopy(id: string, partners: ReadonlyMap<string, Partner>): Partner | undefined {
  const service = partners.get(id.replace(/^portal:/, ''));
  if (!id.startsWith('portal:') || service?.kind !== 'spsti') return undefined;
  return { ...service, id, kind: 'portal', transport: 'portal', keys: {}, flows: [] };
}

/** NDJSON; a text stands for itself. */
async function* inPieces(
  lines: readonly unknown[],
  { pieceBytes = 65_536, cutAfter }: Omit<LinesSending, 'event'>,
): AsyncGenerator<Uint8Array> {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; at += pieceBytes, n++) {
    if (n === cutAfter) throw new BrokerError('event.malformed');
    yield bytes.subarray(at, at + pieceBytes);
  }
}
