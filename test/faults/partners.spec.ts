/**
 * Partners in trouble, under a whole Relais on SQLite: after each fault the senders' receipts and the receiver's own file
 * are compared with the books.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { aSample, REQUEST, REQUEST_TYPE } from '../builders/intake.ts';
import { rows } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { type FaultyNetwork, startProxy } from './proxy.ts';
import { figures } from './traffic.ts';
import { type Mood, startTwoFaced, type TwoFaced } from './two-faced.ts';
import { areAll, BALANCED, deliveriesTo, triesOf, weigh } from './weighed.ts';

const MINUTE = 60_000;
describe('a partner that answers badly', () => {
  /** as many as a lane has under way at once, and fewer: each is tried before the lane rests */
  const SENT = 14;
  const ATTEMPT_SECONDS = 2;
  const table: string[] = [];
  let relais: TestRelais;
  let sender: PartnerSoftware;
  let face: TwoFaced;
  let network: FaultyNetwork;
  let sent = 0;
  let repeated = 0;

  beforeAll(async () => {
    const [own, way] = [await freePort(), await freePort()];
    relais = await aRelais(
      {
        RELAIS_ATTEMPT_SECONDS: String(ATTEMPT_SECONDS),
        RELAIS_RETRY_MAX_SECONDS: '0.5',
        RELAIS_RETRY_ATTEMPTS: '1000',
      },
      { endpoints: { 'spsti-a': `https://localhost:${way}/relais` } },
    );
    const { paths } = relais.demo;
    const pem = ({ crt, key }: { crt: string; key: string }) => ({
      cert: readFileSync(crt, 'utf8'),
      key: readFileSync(key, 'utf8'),
    });
    const ca = readFileSync(paths.ca.crt, 'utf8');
    face = await startTwoFaced({
      server: { ...pem(paths.partner('spsti-a').server), ca },
      client: pem(paths.broker.client),
      target: own,
    });
    network = await startProxy(face.port, way);
    const taken = { 'dmst-portability.request': async () => undefined };
    await relais.service('spsti-a', { push: true, pushPort: own, desks: taken });
    sender = await relais.service('spsti-b');
  });
  afterAll(async () => {
    console.log(table.join('\n'));
    await network.close();
    await relais.close();
    await face.close();
  });

  const mood = (name: Mood) => () => face.mood(name);
  const fault = (name: Parameters<FaultyNetwork['fault']>[0]) => () => {
    network.fault(name);
    network.cut();
  };
  /** Every delivery was tried, and its first try has ended, well or not. */
  const tried = () =>
    rows(relais, `SELECT 1 FROM delivery WHERE attempts = 0 OR (attempts = 1 AND state = 'sending')`)
      .length === 0;

  it.each<[name: string, begins: () => unknown, repeats: 'some' | 'any']>([
    ['takes the connection and nothing more', fault('half-open'), 'any'],
    ['resets every connection', fault('reset'), 'any'],
    ['is slow: a few bytes at a time', fault({ bytesPerTick: 200 }), 'any'],
    ['is too slow for a try', fault({ bytesPerTick: 1 }), 'any'],
    ['speaks another protocol', mood('no-http'), 'any'],
    ['gives hints and no answer', mood('early-hints'), 'any'],
    ['never ends its headers', mood('endless-head'), 'any'],
    ['answers 299 and nonsense', mood('nonsense'), 'any'],
    ['answers 200, then resets', mood('200-reset'), 'any'],
    ['takes it, then resets instead of answering', mood('silent-reset'), 'some'],
  ])(
    '%s: nothing is lost, nothing comes twice unmarked',
    async (name, begins, repeats) => {
      begins();
      const first = sent;
      const triesBefore = triesOf(deliveriesTo(relais, 'spsti-a'));
      sent += SENT;
      await Promise.all(
        Array.from({ length: SENT }, (_, n) =>
          sender.client.send({
            id: `request-${first + n}`,
            type: REQUEST_TYPE,
            datacontenttype: 'application/json',
            recipient: 'spsti-a',
            data: REQUEST,
          }),
        ),
      );
      await eventually(async () => tried());
      const tries = triesOf(deliveriesTo(relais, 'spsti-a')) - triesBefore;
      const flight =
        SENT - (deliveriesTo(relais, 'spsti-a').find(({ state }) => state === 'delivered')?.n ?? 0) + first;
      face.mood('fair');
      network.fault('pass');
      network.cut();
      const healed = performance.now();
      await eventually(async () => areAll(deliveriesTo(relais, 'spsti-a'), 'delivered', sent));
      const seconds = Math.round((performance.now() - healed) / 100) / 10;
      const balance = await weigh(relais, ['spsti-b'], ['spsti-a']);
      table.push(
        `${name}: ${flight} of ${SENT} not delivered after ${tries} tries; all delivered ${seconds} s after; ${figures(balance)}`,
      );
      expect(balance).toMatchObject(BALANCED);
      expect(balance.partners).toMatchObject({ accepted: sent, delivered: sent });
      expect(balance.compared).toMatchObject({ receipts: sent, received: sent });
      if (repeats === 'some') expect(balance.compared.repeats).toBeGreaterThan(repeated);
      repeated = balance.compared.repeats;
    },
    90_000,
  );
});

describe('a partner that is away for an hour', () => {
  /** views of the same figures, in the order of their key */
  const KEYS = 3;
  const ORDERED = 4;
  const FREE = 18;
  const ALL = KEYS * ORDERED + FREE;
  const HOUR = 60;
  let relais: TestRelais;
  let service: PartnerSoftware;
  let portal: PartnerSoftware;
  let network: FaultyNetwork;

  beforeAll(async () => {
    const [own, way] = [await freePort(), await freePort()];
    network = await startProxy(own, way);
    relais = await aRelais(
      // as in production
      { RELAIS_RETRY_FIRST_SECONDS: '5', RELAIS_RETRY_MAX_SECONDS: '3600', RELAIS_RETRY_ATTEMPTS: '20' },
      { alsoKeysOf: ['portail'], endpoints: { portail: `https://localhost:${way}/relais` } },
    );
    service = await relais.service('spsti-a');
    const desks = { 'employer-portal.employer-view': async () => undefined };
    portal = await relais.partner('portail', { push: true, pushPort: own, desks });
  });
  afterAll(async () => {
    await relais.close();
    await network.close();
  });

  const advance = (ms: number) => {
    relais.advance(ms);
    relais.broker.engine.queue.ring('portail');
  };

  it('gets everything, each key in its order, in no storm, and few were the tries meanwhile', async () => {
    await network.down();
    const view = JSON.parse(aSample('employer-portal', 'employer-view.establishment').toString());
    const free = aSample('employer-portal', 'employer-view.empty').toString();
    const show = (id: string, data: string) =>
      service.client.send({
        ...{ id, data, datacontenttype: 'application/json', recipient: 'portail' },
        type: 'fr.relais-st.employer-portal.employer-view.v1',
      });
    const order: string[][] = [];
    for (let key = 0; key < KEYS; key++) {
      view.establishment.statistics.year = 2023 + key;
      const ids: string[] = [];
      for (let n = 0; n < ORDERED; n++) ids.push((await show(`view-${key}-${n}`, JSON.stringify(view))).id);
      order.push(ids);
    }
    for (let n = 0; n < FREE; n++) await show(`free-${n}`, free);
    const tries = () => triesOf(deliveriesTo(relais, 'portail'));
    await eventually(async () => deliveriesTo(relais, 'portail').reduce((all, { n }) => all + n, 0) === ALL);
    await eventually(async () => tries() > 0);
    // a lane without anybody rests by the real clock
    const STEP = 15;
    for (let minute = 0; minute < HOUR; minute += STEP) {
      const before = tries();
      advance(STEP * MINUTE);
      await eventually(async () => tries() > before);
    }
    const during = tries();
    expect(deliveriesTo(relais, 'portail').some(({ state }) => state === 'delivered')).toBe(false);

    const connections = network.taken;
    await network.up();
    let minutes = 0;
    for (; !areAll(deliveriesTo(relais, 'portail'), 'delivered', ALL); minutes++) {
      expect(minutes).toBeLessThan(2 * HOUR);
      advance(MINUTE);
      // whatever is due by now is sent before the clock goes on
      await eventually(async () => {
        relais.broker.engine.queue.ring('portail');
        const now = new Date(Date.now() + (HOUR + minutes) * MINUTE).toISOString();
        return (
          rows(relais, `SELECT 1 FROM job WHERE lane = 'portail' AND run_at < ? LIMIT 1`, now).length === 0
        );
      });
    }
    const balance = await weigh(relais, ['spsti-a'], ['portail']);
    const after = tries() - during;
    console.log(
      `down for an hour: ${ALL} in flight, ${after} after it on ` +
        `${network.taken - connections} connections, all delivered ${minutes} min after; ${figures(balance)}`,
    );
    expect(balance).toMatchObject(BALANCED);
    expect(balance.partners).toMatchObject({ delivered: ALL });
    const received = portal.received.map(({ messageId }) => messageId);
    for (const ids of order) expect(received.filter((id) => ids.includes(id))).toEqual(ids);
    // heads of three keys and the others, each with its back-off
    expect(during).toBeLessThan((KEYS + FREE) * 10);
    // one try each once it is back, but for what was on its way at that moment
    expect(after).toBeLessThanOrEqual(ALL + 2);
    expect(network.taken - connections).toBeLessThanOrEqual(17);
  }, 120_000);
});
