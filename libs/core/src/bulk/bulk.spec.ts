import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../../test/builders/stages.ts';
import { BrokerError } from '../errors.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const HEAD = { batch: 1 };
const notes = (count: number, size = 1_000) =>
  Array.from({ length: count }, (_, i) => ({ text: `${i} ${'x'.repeat(size)}` }));
const problemOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => ({ code: 'accepted', findings: [] }),
    (error: unknown) => {
      if (error instanceof BrokerError) return { code: error.code, findings: error.findings };
      throw error;
    },
  );
const codeOf = async (attempt: Promise<unknown>) => (await problemOf(attempt)).code;
const claims = (receipt: string) =>
  JSON.parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
const report = async (id: string) => {
  let text = '';
  for (let n = 0, piece: string | undefined = ''; piece !== undefined; n++) {
    text += piece;
    piece = await world.records.reportPiece(id, n);
  }
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as { line: number; pointer: string; code: string });
};
const count = async (table: string, where?: string) => (await world.rows(table, where)).length;
/** content of what spsti-a can read with that key, in the order of the parts */
const readBy = async (messageId: string, audience: 'enc' | 'enc-h') => {
  const parts = await world.records.parts((await world.deliveryOf(messageId)).id);
  const mine = parts.filter((part) => part.audience === audience);
  const opened = await Promise.all(mine.map((part) => world.open(part, 'spsti-a')));
  return Buffer.concat(opened.map(({ content }) => content)).toString();
};

describe('a message that comes line by line', () => {
  it('is one transaction while it fits in a chunk', async () => {
    const { message } = await world.sendLines('lines', [HEAD, ...notes(3)]);
    expect(world.commits.map((list) => list.map(({ write }) => write))).toEqual([
      ['message.insert', 'journal.entry', 'payload.chunk', 'job.insert'],
    ]);
    expect(claims(message.receipt)).toMatchObject({ bulk: { lines: 3, accepted: 3, refused: 0 } });
    expect(message.status).toBe('accepted');
  });

  it('is written chunk by chunk as it comes, never two ahead, and accepted at its end', async () => {
    const { message } = await world.sendLines('lines', [HEAD, ...notes(3_500)]);
    const names = world.commits.map((list) => list.map(({ write }) => write).join(' '));
    expect(names).toEqual([
      'message.insert',
      'payload.receive',
      'payload.receive',
      'payload.receive',
      'message.received journal.entry payload.chunk job.insert',
    ]);
    expect(await world.records.message(message.id)).toEqual(message);
    await world.run();
    expect((await world.records.message(message.id))?.status).toBe('delivered');
  });

  it('reaches the recipient as its accepted lines, byte for byte, in parts under one manifest', async () => {
    const lines = [HEAD, ...notes(5_000)];
    world.script = () => undefined;
    const { message } = await world.sendLines('lines', [...lines.slice(0, 9), '{"text":', ...lines.slice(9)]);
    await world.run();
    const delivery = await world.deliveryOf(message.id);
    expect(delivery).toMatchObject({ state: 'available', partCount: 3 });
    expect(claims(delivery.manifest ?? '')).toMatchObject({ messageId: message.id });
    expect(await readBy(message.id, 'enc')).toBe(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await report(message.id)).toEqual([{ line: 10, pointer: '', code: 'json.syntax' }]);
  });

  it('says of each refused line where and why, and nothing of what it held', async () => {
    const { message } = await world.sendLines('lines', [
      HEAD,
      { text: 'ok' },
      { text: 'rule' },
      { text: 'x', extra: 'secret' },
      'not json',
      { text: 'mail: zoe@exemple.fr' },
      { text: 'x'.repeat(100_001) },
      { text: 'ok' },
    ]);
    expect(claims(message.receipt)['bulk']).toEqual({ lines: 7, accepted: 2, refused: 5 });
    expect(await report(message.id)).toEqual([
      { line: 3, pointer: '/text', code: 'essai.rule' },
      { line: 4, pointer: '', code: 'schema.additionalProperties' },
      { line: 5, pointer: '', code: 'json.syntax' },
      { line: 6, pointer: '/text', code: 'after-check.email' },
      { line: 7, pointer: '', code: 'bulk.line-too-long' },
    ]);
    const [entry] = await world.journal();
    expect(entry).toMatchObject({ kind: 'message.accepted', details: { lines: 7, accepted: 2, refused: 5 } });
    await world.run();
    expect(await readBy(message.id, 'enc')).toBe('{"batch":1}\n{"text":"ok"}\n{"text":"ok"}\n');
  });

  it('is divided line by line, each audience under its own key, the header to both', async () => {
    const { message } = await world.sendLines('halves', [HEAD, { text: 'a', third: 'h' }, { text: 'b' }]);
    await world.run();
    expect(await readBy(message.id, 'enc')).toBe('{"batch":1}\n{"text":"a"}\n{"text":"b"}\n');
    expect(await readBy(message.id, 'enc-h')).toBe('{"batch":1}\n{"third":"h"}\n');
    const prepared = (await world.journal()).find(({ kind }) => kind === 'message.prepared');
    expect(prepared?.details).toMatchObject({ removed: 1, deliveries: 1 });
  });
});

describe('what is refused', () => {
  it('has every line bad, no line, or a bad header', async () => {
    const { code, findings } = await problemOf(world.sendLines('lines', [HEAD, { a: 1 }, 'x']));
    expect(code).toBe('content.invalid');
    expect(findings.map(({ pointer, code: rule }) => `${pointer} ${rule}`)).toEqual([
      '/1/text schema.required',
      '/1 schema.additionalProperties',
      '/2 json.syntax',
    ]);
    expect((await problemOf(world.sendLines('lines', [HEAD]))).findings[0]?.code).toBe('bulk.empty');
    expect((await problemOf(world.sendLines('lines', []))).findings[0]?.code).toBe('bulk.empty');
    const headless = await problemOf(world.sendLines('lines', notes(2)));
    expect(headless.findings[0]).toMatchObject({ pointer: '/0/batch', code: 'schema.required' });
    expect(await count('message')).toBe(0);
  });

  it('has one bad line, where the contract says all or nothing, and leaves nothing behind', async () => {
    const lines = [...notes(3_000), { text: 1 }, ...notes(500)];
    const { code, findings } = await problemOf(world.sendLines('whole', lines));
    expect(code).toBe('content.invalid');
    expect(findings).toMatchObject([{ pointer: '/3000/text', code: 'schema.type' }]);
    expect(await count('message')).toBe(0);
    expect(await count('payload_chunk')).toBe(0);
    expect(await world.kinds()).toEqual(['message.refused']);
  });

  it('is larger than its contract allows, in bytes or in lines', async () => {
    expect(await codeOf(world.sendLines('lines', [HEAD, ...notes(21, 1_000_000)]))).toBe('body.too-large');
    const many = Array.from({ length: 200_001 }, () => '{"text":"a"}');
    expect(await codeOf(world.sendLines('lines', [HEAD, ...many]))).toBe('body.too-large');
    expect(await count('message')).toBe(0);
  });

  it('is not meant to come so', async () => {
    expect(await codeOf(world.sendLines('note', notes(1)))).toBe('media-type.unsupported');
  });
});

describe('the same id again', () => {
  const id = 'export-1';
  const lines = [HEAD, ...notes(2_000)];

  it('with the same bytes gives the same receipt, and stores nothing', async () => {
    const first = await world.sendLines('lines', lines, { event: { id } });
    const commits = world.commits.length;
    const again = await world.sendLines('lines', lines, { event: { id }, pieceBytes: 1_000 });
    expect(again).toMatchObject({ replayed: true, message: { receipt: first.message.receipt } });
    expect(world.commits).toHaveLength(commits);
  });

  it('with other bytes is refused, longer or shorter', async () => {
    await world.sendLines('lines', lines, { event: { id } });
    for (const other of [[...lines, { text: 'more' }], lines.slice(0, -1)])
      expect(await codeOf(world.sendLines('lines', other, { event: { id } }))).toBe('message.id-reused');
  });

  it('takes over from a try that was cut, and its chunks go', async () => {
    expect(await codeOf(world.sendLines('lines', lines, { event: { id }, cutAfter: 25 }))).toBe(
      'event.malformed',
    );
    expect(await count('message')).toBe(0);
    const { message } = await world.sendLines('lines', lines, { event: { id } });
    expect(await world.records.message(message.id)).toMatchObject({ status: 'accepted', senderId: id });
  });

  it('takes over from a try whose process died, which its sender sees until then', async () => {
    // its process died: nobody takes its row away
    world.failCommitOf('message.abandon', new BrokerError('store.unavailable'));
    await codeOf(world.sendLines('lines', lines, { event: { id }, cutAfter: 25 }));
    const dead = await world.records.messageOf('spsti-b', id);
    expect(dead?.status).toBe('receiving');
    expect((await world.store.operations.ledger()).accepted).toBe(0);
    const { message } = await world.sendLines('lines', lines, { event: { id } });
    expect(message.id).not.toBe(dead?.id);
    expect(await count('payload_chunk', `message_id = '${dead?.id}'`)).toBe(0);
    await world.run();
    expect((await world.records.message(message.id))?.status).toBe('delivered');
  });

  it('is swept when nobody comes back', async () => {
    world.failCommitOf('message.abandon', new BrokerError('store.unavailable'));
    await codeOf(world.sendLines('lines', lines, { event: { id }, cutAfter: 25 }));
    world.pass({ hours: 2 });
    await world.keeper.tick();
    expect(await count('message')).toBe(0);
    expect(await count('payload_chunk')).toBe(0);
  });
});

describe('trouble', () => {
  const lines = [HEAD, ...notes(2_000)];

  it('of the store is told as such, and the message is not there', async () => {
    world.failCommitOf('payload.receive', new BrokerError('store.unavailable', { retryAfter: 1 }));
    expect(await codeOf(world.sendLines('lines', lines))).toBe('store.unavailable');
    world.failCommitOf('message.received', new BrokerError('store.unavailable', { retryAfter: 1 }));
    expect(await codeOf(world.sendLines('lines', lines))).toBe('store.unavailable');
    expect(await count('message')).toBe(0);
    expect(await count('job')).toBe(0);
  });

  it('in the middle of sealing begins again and ends with the same lines', async () => {
    const { message } = await world.sendLines('lines', [HEAD, ...notes(5_000)]);
    world.failCommitOf('delivery.sealed', new BrokerError('store.unavailable', { retryAfter: 1 }));
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'preparing' });
    world.pass({ ms: 10_000 });
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'delivered' });
    expect((await readBy(message.id, 'enc')).split('\n')).toHaveLength(5_002);
  });

  it('in the middle of sealing, for as long as the message lives, leaves no part behind', async () => {
    const { message } = await world.sendLines('lines', [HEAD, ...notes(5_000)]);
    world.failCommitOf('delivery.sealed', new BrokerError('store.unavailable', { retryAfter: 1 }));
    await world.run();
    expect(await count('delivery_part')).toBeGreaterThan(0);
    world.pass({ days: 60 });
    await world.run();
    expect(await world.records.message(message.id)).toMatchObject({ status: 'expired' });
    expect(await world.records.deliveries(message.id)).toMatchObject([{ state: 'expired' }]);
    await world.keeper.tick();
    expect(await count('delivery_part')).toBe(0);
    expect(await count('payload_chunk')).toBe(0);
  });

  it('of too many at once is told to the one more', async () => {
    const tries = await Promise.all(Array.from({ length: 4 }, () => codeOf(world.sendLines('lines', lines))));
    expect(tries.sort()).toEqual(['accepted', 'accepted', 'accepted', 'rate.exceeded']);
  });
});
