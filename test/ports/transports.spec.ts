import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { write } from '#core';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import type { PairPaths } from '../../apps/cli/src/pki/pki-paths.ts';
import { aPki } from '../builders/rsa-keys.ts';
import { judgedBy } from '../peers/programs.ts';
import { rabbitUrl } from '../services/rabbitmq.ts';
import { amqpWay } from './amqp-way.ts';
import { ATTEMPT_MS, fhirWay, type HttpsWay, httpsWay, mailboxWay, type Way } from './transports.ts';

let folder: string;
let paths: Awaited<ReturnType<typeof aPki>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-transports-'));
  paths = await aPki(join(folder, 'pki'), { partners: ['spsti-a'] });
});
afterAll(() => rmSync(folder, { recursive: true }));

const WAYS = [
  { name: 'https push', open: (): Promise<Way> => httpsWay(paths) },
  { name: 'FHIR', open: (): Promise<Way> => fhirWay(paths) },
  { name: 'the mailbox', open: (): Promise<Way> => mailboxWay(paths) },
  { name: 'a queue of RabbitMQ', open: async (): Promise<Way> => amqpWay(paths, { url: await rabbitUrl() }) },
];
/** longer than any retry of these worlds and than a lease of the mailbox */
const LATER_MS = 61_000;

for (const { name, open } of WAYS) {
  judgedBy(name.includes('RabbitMQ') ? ['rabbitmq'] : [], `a delivery by ${name}`, () => {
    let way: Way;
    beforeEach(async () => {
      way = await open();
    });
    afterEach(() => way.close());
    const attempts = () => way.taken.map(({ attributes }) => attributes['relaisattempt']);

    it('is a CloudEvent with the ids that a receiver needs, its data byte for byte', async () => {
      const { message, id } = await way.world.put({ lastVisit: '2026-05-11' });
      await way.turn();
      expect(way.taken).toEqual([
        {
          attributes: {
            specversion: '1.0',
            id: message.id,
            source: 'urn:relais:broker',
            type: message.type,
            time: (await way.world.delivery(id))?.createdAt,
            datacontenttype: way.content.datacontenttype,
            lastvisit: '2026-05-11',
            relaissender: 'spsti-b',
            relaisdelivery: id,
            relaisattempt: '1',
          },
          data: way.content.data,
        },
      ]);
      expect(await way.world.delivery(id)).toMatchObject({
        state: 'delivered',
        attempts: 1,
        receipt: { outcome: 'received' },
      });
    });

    // a FHIR server knows no manifest: what it gets is one bundle
    if (name !== 'FHIR') {
      it('announces its parts by their manifest', async () => {
        await way.world.put({}, { manifest: 'e30.e30.AA', partCount: 2 });
        await way.turn();
        expect(way.taken).toMatchObject([
          { attributes: { datacontenttype: 'application/vnd.relais.manifest+jws' }, data: 'e30.e30.AA' },
        ]);
      });
    }

    it('carries attributes that a header cannot hold as they are', async () => {
      const correlationId = 'été\r\nx: 1 %41 "“';
      const { id } = await way.world.put({ correlationId });
      await way.turn();
      expect(way.taken[0]?.attributes['correlationid']).toBe(correlationId);
      expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered' });
    });

    // what was confirmed is known to be there: RabbitMQ itself gives it again to a partner that did not acknowledge it
    if (!name.includes('RabbitMQ')) {
      it('comes again under the same id and a greater number when nobody knows what became of it', async () => {
        const { message, id } = await way.world.put();
        way.loseAnswers(true);
        for (let turn = 0; turn < 3; turn++) {
          await way.turn();
          expect((await way.world.delivery(id))?.state).not.toBe('delivered');
          way.world.advance(LATER_MS);
        }
        way.loseAnswers(false);
        await way.turn();
        expect(attempts()).toEqual(['1', '2', '3', '4']);
        expect(new Set(way.taken.map(({ attributes }) => attributes['id']))).toEqual(new Set([message.id]));
        expect(new Set(way.taken.map(({ attributes }) => attributes['relaisdelivery']))).toEqual(
          new Set([id]),
        );
        expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered', attempts: 4 });
        way.world.advance(LATER_MS);
        await way.turn();
        expect(way.taken).toHaveLength(4);
      });
    }

    it('waits for a partner that is away, then comes once', async () => {
      const { id } = await way.world.put();
      await way.away();
      for (let turn = 0; turn < 3; turn++) {
        await way.turn();
        way.world.advance(LATER_MS);
      }
      expect(way.taken).toEqual([]);
      await way.back();
      await way.turn();
      way.world.advance(LATER_MS);
      await way.turn();
      // a try that did not get through still counts: the warning may be one too many, never one too few
      expect(attempts()).toEqual([way.name === 'mailbox' ? '1' : '4']);
      expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered' });
    });

    it('is not sent any more once its life is over', async () => {
      const { id } = await way.world.put();
      way.world.advance(3_600_000);
      await way.turn();
      expect(way.taken).toEqual([]);
      expect(await way.world.delivery(id)).toMatchObject({ state: 'expired', attempts: 0 });
    });

    it('is not shown after it was cancelled', async () => {
      const { message, id } = await way.world.put();
      await way.away();
      await way.turn();
      const from = (['available', 'retrying'] as const).slice();
      await way.world.store.unitOfWork.commit([
        write('job.cancel', { messageId: message.id }),
        write('delivery.update', { id, from, state: 'cancelled', nextTryAt: null }),
      ]);
      await way.back();
      way.world.advance(LATER_MS);
      await way.turn();
      expect(way.taken).toEqual([]);
    });
  });
}

describe('https push', () => {
  let way: HttpsWay;
  beforeAll(async () => {
    way = await httpsWay(paths);
  });
  afterEach(() => way.reset());
  afterAll(() => way.close());

  /** one try against a partner that answers like this */
  async function afterOneTry(how: (response: ServerResponse) => void) {
    const { id } = await way.world.put();
    way.answer((_, response) => how(response));
    await way.turn();
    return way.world.delivery(id);
  }
  const secondsUntil = (instant: string | undefined) =>
    (Date.parse(instant ?? '') - way.world.stages.clock.now().getTime()) / 1000;

  it.each([200, 201, 202, 204, 299])('takes %i for received', async (status) => {
    const delivery = await afterOneTry((response) => response.writeHead(status).end());
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it.each([301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 501, 505])(
    'is dead at %i, with its code, without another try',
    async (status) => {
      const delivery = await afterOneTry((response) =>
        response.writeHead(status, { location: `https://localhost:${way.proxy.port}/elsewhere` }).end(),
      );
      expect(delivery).toMatchObject({ state: 'dead', lastError: 'transport.refused', attempts: 1 });
      expect(delivery?.nextTryAt).toBeUndefined();
      way.world.advance(LATER_MS);
      expect(await way.world.run()).toBe(0);
      // a redirection is nobody’s agreement: it is not followed
      expect(way.taken).toHaveLength(1);
    },
  );

  it.each([408, 425, 429, 500, 502, 503, 504])('tries again after %i', async (status) => {
    const delivery = await afterOneTry((response) => response.writeHead(status).end());
    expect(delivery).toMatchObject({ state: 'retrying', lastError: 'transport.unreachable', attempts: 1 });
    expect(secondsUntil(delivery?.nextTryAt)).toBeLessThan(1.5);
  });

  it.each([
    ['seconds', () => '120', 90, 121],
    ['a date', (now: number) => new Date(now + 120_000).toUTCString(), 90, 121],
    ['more than an hour', () => '86400', 3_570, 3_601],
    ['the past', (now: number) => new Date(now - 60_000).toUTCString(), 0, 1.5],
    ['garbage', () => 'soon', 0, 1.5],
    ['less than nothing', () => '-5', 0, 1.5],
  ])('honours Retry-After: %s', async (_, header, least, most) => {
    const delivery = await afterOneTry((response) =>
      response.writeHead(503, { 'retry-after': header(way.world.stages.clock.now().getTime()) }).end(),
    );
    const wait = secondsUntil(delivery?.nextTryAt);
    expect(wait).toBeGreaterThanOrEqual(least);
    expect(wait).toBeLessThanOrEqual(most);
  });

  it('is dead when its tries are used up', async () => {
    const { id } = await way.world.put();
    way.answer((_, response) => response.writeHead(503).end());
    for (let turn = 0; turn < 10; turn++) {
      await way.turn();
      way.world.advance(LATER_MS);
    }
    expect(way.taken.map(({ attributes }) => attributes['relaisattempt'])).toEqual(['1', '2', '3', '4', '5']);
    expect(await way.world.delivery(id)).toMatchObject({ state: 'dead', lastError: 'transport.unreachable' });
  });

  const networks: [string, () => Promise<void> | void, taken: number][] = [
    ['a connection refused', () => way.proxy.down(), 0],
    ['a connection reset', () => way.proxy.fault('reset'), 0],
    ['a connection that stays half-open', () => way.proxy.fault('half-open'), 0],
    ['every byte later than a try may last', () => way.proxy.fault({ delayMs: ATTEMPT_MS }), 0],
    ['an answer that drips', () => way.proxy.fault({ bytesPerTick: 1 }), 0],
    ['no answer', () => way.answer(() => undefined), 1],
    ['a reset instead of the answer', () => way.loseAnswers(true), 1],
    ['a connection cut in the middle', () => way.answer(() => way.proxy.cut()), 1],
    ['garbage', () => way.answer(({ socket }) => void socket.end('no HTTP at all\r\n\r\n')), 1],
    ['half an answer', () => way.answer(({ socket }) => void socket.end('HTTP/1.1 200 O')), 1],
    [
      'headers without end',
      () =>
        way.answer(({ socket }) => {
          socket.on('error', () => undefined);
          socket.write(`HTTP/1.1 200 OK\r\n${'x: '.padEnd(60_000, 'y')}\r\n\r\n`);
        }),
      1,
    ],
  ];
  it.each(networks)('tries again after %s, marked, and is delivered once', async (_, trouble, taken) => {
    const { id } = await way.world.put();
    await trouble();
    await way.turn();
    expect(await way.world.delivery(id)).toMatchObject({
      state: 'retrying',
      lastError: 'transport.unreachable',
      attempts: 1,
    });
    expect(way.taken).toHaveLength(taken);
    await way.heal();
    way.world.advance(LATER_MS);
    await way.turn();
    expect(way.taken.at(-1)?.attributes['relaisattempt']).toBe('2');
    expect(way.taken).toHaveLength(taken + 1);
    expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  const received: [string, (response: ServerResponse) => void][] = [
    [
      'an answer without end',
      (response) => {
        response.on('error', () => undefined);
        const pour = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', pour);
        response.writeHead(200);
        pour();
      },
    ],
    [
      'a reset after 200',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('x', () => setTimeout(() => way.proxy.cut(), 20));
      },
    ],
    [
      'a body that never comes',
      (response) => void response.writeHead(200, { 'content-length': '1000' }).flushHeaders(),
    ],
    [
      'a body that is nothing like it says',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
  ];
  it.each(received)('is received with a 2xx, whatever comes after it: %s', async (_, how) => {
    const from = performance.now();
    const delivery = await afterOneTry(how);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(performance.now() - from).toBeLessThan(ATTEMPT_MS);
    await way.heal();
    const next = await way.world.put();
    await way.turn();
    expect(await way.world.delivery(next.id)).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('gets through a network that is only slow', async () => {
    way.proxy.fault({ delayMs: 50 });
    const { id } = await way.world.put();
    await way.turn();
    expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('opens no new connection for each delivery', async () => {
    const before = way.proxy.taken;
    for (let n = 0; n < 10; n++) await way.world.put();
    await way.turn();
    expect(way.taken).toHaveLength(10);
    expect(way.proxy.taken - before).toBe(1);
  });
});

describe('https push to a server that is not the partner', () => {
  async function serverCertificate(days: { from: number; to: number }, ca: PairPaths): Promise<PairPaths> {
    const { key } = paths.partner('spsti-a').server;
    const crt = join(folder, `server-${days.from}-${days.to}.crt`);
    const now = Date.now();
    const authority = await Authority.open(
      readFileSync(ca.crt, 'utf8'),
      readFileSync(ca.key, 'utf8'),
      new Date(),
    );
    const issued = await authority.issue({
      subject: [{ CN: ['spsti-a'] }],
      profile: 'server',
      publicKey: createPublicKey(readFileSync(key, 'utf8')),
      notBefore: new Date(now + days.from * 86_400_000),
      notAfter: new Date(now + days.to * 86_400_000),
    });
    writeFileSync(crt, issued);
    return { crt, key };
  }

  it.each([
    ['expired', () => serverCertificate({ from: -400, to: -35 }, paths.ca)],
    ['of the future', () => serverCertificate({ from: 35, to: 400 }, paths.ca)],
    [
      'foreign',
      async () => (await aPki(join(folder, 'foreign'), { partners: ['spsti-a'] })).partner('spsti-a').server,
    ],
    ['made for clients', async () => paths.partner('spsti-a').client],
  ])('sends nothing when its certificate is %s', async (_, certificate) => {
    const way = await httpsWay(paths, await certificate());
    const { id } = await way.world.put();
    await way.turn();
    expect(way.proxy.taken).toBe(1);
    expect(way.taken).toEqual([]);
    expect(await way.world.delivery(id)).toMatchObject({
      state: 'retrying',
      lastError: 'transport.unreachable',
    });
    await way.close();
  });

  it('sends there when nothing but the certificate was wrong: the same server with a good one', async () => {
    const way = await httpsWay(paths, await serverCertificate({ from: -1, to: 30 }, paths.ca));
    const { id } = await way.world.put();
    await way.turn();
    expect(await way.world.delivery(id)).toMatchObject({ state: 'delivered' });
    await way.close();
  });
});
