import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReceiptStore } from '#client';
import { type DeliveryState, recordEntry, type Write, write } from '#core';
import { openStore, type Store } from '#storage';
import { aUnit } from '../../../../test/ports/stores.ts';
import { runCli } from '../run-cli.ts';
import { audit } from './audit.ts';
import { namedPath } from './partner-files.ts';

let home: string;
let store: Store;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'relais-ledger-'));
  store = await openStore({ file: join(home, 'relais.sqlite') });
  mkdirSync(join(home, 'spsti-a'));
  writeFileSync(received(), '');
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true });
});

const received = () => join(home, 'spsti-a', 'received.ndjson');
const receipts = () => join(home, 'spsti-b', 'receipts');

/** accepted from spsti-b for spsti-a, with its receipt and its line where they belong */
async function put(state: DeliveryState, more: { job?: boolean; line?: boolean } = {}): Promise<string> {
  const isDelivered = state === 'delivered';
  const { message, delivery, writes } = aUnit({ state: isDelivered ? 'sending' : state });
  const { id, senderId, digest } = message;
  const entry = recordEntry({
    id: crypto.randomUUID(),
    at: message.receivedAt,
    kind: 'message.accepted',
    actor: message.sender,
    messageId: id,
    details: { recipients: 'spsti-a' },
  });
  const kept: Write[] = writes.filter((one) => one.write !== 'job.insert' || more.job !== false);
  await store.unitOfWork.commit([...kept, write('journal.entry', { entry })]);
  const journal = { entry: entry.id, hash: entry.hash };
  await new ReceiptStore(receipts()).keep({
    ...{
      id,
      senderId,
      flow: message.flow,
      status: 'accepted',
      receivedAt: message.receivedAt,
      digest,
      journal,
    },
    receipt: message.receipt,
  });
  if (isDelivered) {
    // a receiver writes its line before it answers
    if (more.line !== false) took(id, 1, false);
    const from = ['sending'] as const;
    await store.unitOfWork.commit([write('delivery.update', { id: delivery.id, from, state })]);
  }
  return id;
}

function took(messageId: string, attempt: number, repeat: boolean): void {
  appendFileSync(
    received(),
    `${JSON.stringify({ messageId, deliveryId: 'd', attempt, at: '', outcome: 'received', repeat })}\n`,
  );
}

const weigh = (of = home) =>
  audit({
    store: { file: join(of, 'relais.sqlite') },
    sent: [namedPath(receipts())],
    received: [namedPath(received())],
  });

describe('an audit', () => {
  it('compares the store with the files, while the broker goes on writing', async () => {
    for (const state of ['delivered', 'queued', 'retrying', 'available', 'dead'] as const) await put(state);
    let writing = true;
    const writer = (async () => {
      while (writing) await put('delivered');
    })();
    const results = [];
    for (let n = 0; n < 5; n++) results.push(await weigh());
    writing = false;
    await writer;
    results.push(await weigh());
    for (const result of results) expect(result).toMatchObject({ balanced: true, lost: [], unexplained: [] });
    expect(results.at(-1)?.partners).toMatchObject({ waiting: 3, dead: 1 });
    const counts = results.map(({ partners }) => partners.accepted);
    expect(counts.at(-1)).toBeGreaterThan(counts[0] ?? 0);
  });

  it('reads a store whose broker was killed, and leaves its files as they were', async () => {
    await put('delivered');
    // what a kill leaves: the file, and a log that nobody folded into it
    const dead = join(home, 'dead');
    mkdirSync(dead);
    for (const name of ['relais.sqlite', 'relais.sqlite-wal'])
      copyFileSync(join(home, name), join(dead, name));
    const sizes = () => ['relais.sqlite', 'relais.sqlite-wal'].map((name) => statSync(join(dead, name)).size);
    const before = sizes();
    expect(before[1]).toBeGreaterThan(0);
    expect(await weigh(dead)).toMatchObject({ balanced: true, partners: { accepted: 1, delivered: 1 } });
    expect(sizes()).toEqual(before);
  });

  it('names what waits without a job', async () => {
    const id = await put('queued', { job: false });
    expect(await weigh()).toMatchObject({
      balanced: false,
      lost: [{ code: 'stranded', messageId: id, partner: 'spsti-a' }],
    });
  });

  it('does not need a broker’s folder to be a new one', async () => {
    const nowhere = join(home, 'nowhere');
    await expect(
      audit({ store: { file: join(nowhere, 'relais.sqlite') }, sent: [], received: [] }),
    ).rejects.toThrow('aucune base');
    expect(readdirSync(home)).not.toContain('nowhere');
  });

  it('takes no half file for a whole one, but forgives the line that a crash cut', async () => {
    const id = await put('delivered');
    appendFileSync(received(), '{"messageId":"cut');
    expect(await weigh()).toMatchObject({ balanced: true });
    appendFileSync(received(), '"}\n');
    took(id, 2, true);
    await expect(weigh()).rejects.toThrow(/illisible.*received\.ndjson:2/);
    await expect(
      audit({
        store: { file: join(home, 'relais.sqlite') },
        sent: [namedPath(join(home, 'no-such'))],
        received: [],
      }),
    ).rejects.toThrow('ENOENT');
  });
});

describe('relais ledger', () => {
  let printed: string;
  beforeEach(() => {
    printed = '';
  });

  const relais = async (...words: string[]) => {
    const print = (line: string) => {
      printed += `${line}\n`;
    };
    return runCli(['--home', home, 'ledger', ...words], { out: print, err: print });
  };

  it('exits 0 with a table that a person reads', async () => {
    await put('delivered');
    expect(await relais('--sent', receipts(), '--received', received())).toBe(0);
    expect(printed).toMatch(/acceptées \(au journal\) +1 +0\n +.*remises +1 +0/);
    expect(printed).toMatch(/perdues +0/);
    expect(printed).toContain('Le compte est bon.');
  });

  it('says when it had nothing to compare with', async () => {
    expect(await relais()).toBe(0);
    expect(printed).toContain('ne prouve pas');
  });

  it('exits 1 and names what is missing', async () => {
    const id = await put('delivered', { line: false });
    expect(await relais('--received', `spsti-a=${received()}`)).toBe(1);
    expect(printed).toMatch(new RegExp(`${id} spsti-a +remis selon la base, absent`));
    expect(printed).toContain('LE COMPTE N’EST PAS BON.');
    printed = '';
    expect(await relais('--received', received(), '--json')).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({ balanced: false, lost: [{ messageId: id }] });
  });

  it('fails when it cannot read', async () => {
    expect(await relais('--received', join(home, 'no-such-file'))).toBe(1);
    expect(printed).toMatch(/introuvable/);
  });
});
