import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AdvancedConsoleLogger } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMED } from '../named.ts';
import { openStore } from '../open-store.ts';
import { claimJobs, leaseMailbox } from '../statements/claims.ts';
import { sqlOf } from '../statements/statement.ts';
import type { Store } from '../store.ts';

const AT = '2026-03-12T09:30:00.000Z';
const LOOK = { partner: 'p', register: 'access', from: AT, to: AT, limit: 10 } as const;

/** Remembers what TypeORM asks instead of printing it. */
class Memory extends AdvancedConsoleLogger {
  readonly queries: [sql: string, parameters: unknown[]][] = [];
  override logQuery(query: string, parameters?: unknown[]): void {
    this.queries.push([query, parameters ?? []]);
  }
}

let folder: string;
let store: Store;
let database: Database.Database;
const memory = new Memory();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-plans-'));
  const file = join(folder, 'relais.db');
  store = await openStore({ file });
  store.source.setOptions({ logger: memory });
  database = new Database(file, { readonly: true });
});

afterAll(async () => {
  database.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

function plan(sql: string, ...parameters: unknown[]): string[] {
  const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
  return rows.map((row) => (row as { detail: string }).detail);
}

/** tables that a statement reads whole; the others are its own results */
function whole(sql: string, ...parameters: unknown[]): string[] {
  return plan(sql, ...parameters).filter((step) => /^SCAN (?!found$|due_\w+$|either$)\w+$/.test(step));
}

describe('a claim', () => {
  it.each([
    ['of jobs', claimJobs(), 'SEARCH job USING INDEX job_due (lane=? AND rank=? AND <expr><?)'],
    ['of a mailbox', leaseMailbox(), 'SEARCH waiting USING COVERING INDEX delivery_mailbox (recipient=?)'],
  ])('%s finds its rows in the order of an index', (_, sql, search) => {
    const steps = plan(sql, {
      lane: 'a',
      limit: 1,
      lease: 'l',
      now: AT,
      until: AT,
      flow: null,
      exchangeId: null,
    });
    expect(steps).toContain(search);
    expect(steps.filter((step) => step.startsWith('SEARCH earlier')).length).toBeGreaterThan(1);
  });
});

describe('a named write', () => {
  it.each(Object.entries(NAMED))('%s never reads a whole table', (_, named) => {
    for (const { text: one } of sqlOf(named)) {
      const parameters = Object.fromEntries(
        Array.from(one.matchAll(/@(\w+)/g), ([, field]) => [field, null]),
      );
      expect(whole(one, parameters)).toEqual([]);
    }
  });
});

describe('the sweep of candidates', () => {
  it('reads of them what their index holds, never their content', () => {
    const steps = sqlOf(NAMED['candidate.sweep']).flatMap(({ text }) => plan(text));
    expect(steps.filter((step) => /\b(kept|candidate)\b/.test(step))).toEqual([
      'SEARCH candidate USING COVERING INDEX candidate_exchange (exchange_id=?)',
      'SCAN kept USING COVERING INDEX candidate_exchange',
    ]);
  });
});

describe('a read', () => {
  const reads: [name: string, run: () => Promise<unknown>][] = [
    ['message', () => store.records.message('m')],
    ['messageOf', () => store.records.messageOf('s', 'i')],
    ['payload', () => store.records.payload('m')],
    ['delivery', () => store.records.delivery('d')],
    ['deliveries', () => store.records.deliveries('m')],
    ['parts', () => store.records.parts('d')],
    ['exchange', () => store.records.exchange('e')],
    ['exchanges of a group', () => store.records.exchanges({ groupId: 'g' })],
    ['exchanges of a request', () => store.records.exchanges({ requestId: 'r' })],
    ['exchanges of a party', () => store.records.exchanges({ party: 'p' })],
    ['dmstRequest', () => store.records.dmstRequest('r')],
    [
      'a page of exchanges of a party',
      () => store.records.exchanges({ party: 'p', limit: 10, afterId: 'e' }),
    ],
    [
      'the last dmstRequests',
      () => store.records.dmstRequests({ partner: 'p', authors: ['a'], newestFirst: true, limit: 10 }),
    ],
    ['dmstRequests', () => store.records.dmstRequests({ partner: 'p', authors: ['a', 'b'], limit: 10 })],
    [
      'a page of dmstRequests',
      () => store.records.dmstRequests({ partner: 'p', authors: ['a', 'b'], limit: 10, afterId: 'r' }),
    ],
    ['pooled', () => store.records.pooled('f', 'o')],
    ['remembered', () => store.records.remembered('f', 'p', 'k')],
    ['held', () => store.records.held('h')],
    ['heldOf', () => store.records.heldOf('p')],
    ['delegationsTo', () => store.records.delegationsTo('d', AT)],
    ['lanes', () => store.records.lanes()],
    ['nextDue', () => store.records.nextDue('l')],
    ['dueJobs', () => store.records.dueJobs({ lane: 'l', rank: 0, by: AT, limit: 1 })],
    ['deliveriesToExpire', () => store.keeper.deliveriesToExpire(AT, 10)],
    ['exchangesDue', () => store.keeper.exchangesDue(AT, 10)],
    ['dmstRequestsToSettle', () => store.keeper.dmstRequestsToSettle(AT, 10)],
    ['deliveriesToPurge', () => store.keeper.deliveriesToPurge(AT, 10)],
    ['dmstRequestsToErase', () => store.keeper.dmstRequestsToErase(AT, 10)],
    ['messagesToForget', () => store.keeper.messagesToForget(AT, 10)],
    ['unsealedEntries', () => store.keeper.unsealedEntries(10)],
    ['lastSeal', () => store.keeper.lastSeal()],
    ['sealsToPurge', () => store.keeper.sealsToPurge(AT, 10)],
    ['firstSealNeeded', () => store.keeper.firstSealNeeded(1, 2)],
    ['entriesOfSeals', () => store.keeper.entriesOfSeals(1, 2)],
    ['entry', () => store.journal.entry('e')],
    ['entriesOfMessage', () => store.journal.entriesOfMessage('m')],
    ['entriesOfSeal', () => store.journal.entriesOfSeal(1)],
    ['seals', () => store.journal.seals(1, 10)],
    ['lastSeals', () => store.journal.lastSeals(10, 5)],
    ['registered', () => store.journal.registered({ ...LOOK, afterId: 'e' })],
    ['registered of a worker', () => store.journal.registered({ ...LOOK, worker: 'w' })],
    ['candidates', () => store.incoming.candidates('e')],
    ['candidateContent', () => store.incoming.candidateContent('c')],
    ['candidateCounts', () => store.incoming.candidateCounts(['e', 'f'])],
    ...[true, false].flatMap((open): [string, () => Promise<unknown>][] => [
      [
        `incoming, open: ${open}`,
        () => store.incoming.incoming({ flow: 'f', responder: 'a', open, limit: 10 }),
      ],
      [
        `a page of incoming, open: ${open}`,
        () => store.incoming.incoming({ flow: 'f', responder: 'a', open, limit: 10, afterId: 'e' }),
      ],
    ]),
    ['deliveriesIn', () => store.operations.deliveriesIn({ state: 'dead', limit: 10, afterId: 'd' })],
    ['queueAges', () => store.operations.queueAges(AT)],
    ['activity', () => store.operations.activity(AT)],
    ['queueOf', () => store.operations.queueOf({ recipient: 'cnam', now: AT, most: 10 })],
    ['settledDoubts', () => store.operations.settledDoubts('p', AT)],
    ['waitingDoubts', () => store.operations.waitingDoubts('p')],
    ['ledger', () => store.operations.ledger()],
  ];

  it.each(reads)('%s never reads a whole table', async (_, run) => {
    memory.queries.length = 0;
    await run();
    expect(memory.queries).not.toEqual([]);
    for (const [sql, parameters] of memory.queries) {
      // the newest seal is the last row of its table
      if (!/LIMIT 1$/.test(sql)) expect(whole(sql, ...parameters)).toEqual([]);
      // keeper and metrics come every second: what they sort is what they give back
      expect(plan(sql, ...parameters).join()).not.toMatch(/SCAN \w+ USING INDEX exchange/);
    }
  });

  it('of a mailbox never walks over what waits for others', async () => {
    memory.queries.length = 0;
    for (const flow of [{}, { flow: 'f' }])
      await store.operations.mailboxHolds({ recipient: 'a', now: AT, ...flow });
    expect(memory.queries).toHaveLength(2);
    for (const [sql, parameters] of memory.queries)
      expect(plan(sql, ...parameters).join()).toContain('USING COVERING INDEX delivery_mailbox (recipient=?');
  });

  it('of a register is in the order of its index, with a worker or without', async () => {
    memory.queries.length = 0;
    await store.journal.registered(LOOK);
    await store.journal.registered({ ...LOOK, worker: 'w' });
    const plans = memory.queries.map(([sql, parameters]) => plan(sql, ...parameters).join());
    expect(plans).toHaveLength(2);
    for (const one of plans) {
      expect(one).toContain('INDEX register_line_');
      expect(one).not.toContain('TEMP B-TREE');
    }
  });

  it('that would read a whole table is seen', () => {
    expect(whole('SELECT * FROM message WHERE flow = ?', 'f')).toEqual(['SCAN message']);
  });
});
