/** kill -9 of the broker, twenty times under load, on one home: what was accepted is somewhere, once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../apps/cli/src/run-cli.ts';
import { eventually } from '../builders/relais.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';
import { figures, SERVICES, startTraffic, type Traffic } from './traffic.ts';

const KILLS = 20;
const IN_FLIGHT = 50;
/** units that the senders keep in flight */
const LOAD = 110;
const SEED = Number(process.env['KILL_SEED'] ?? 20_261_122);

/** mulberry32: the same seed, the same pauses */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a broker killed twenty times under load', () => {
  let traffic: Traffic;
  let start: () => Promise<BrokerProcess>;
  let broker: BrokerProcess | undefined;

  beforeAll(async () => {
    buildPrograms();
    traffic = await startTraffic({
      name: 'kill-9',
      store: (home) => ({ file: join(home, 'relais.sqlite') }),
    });
    const { ports } = traffic;
    const settings = {
      ...traffic.settings,
      RELAIS_PARTNERS_PORT: String(ports.partners),
      RELAIS_PEOPLE_PORT: String(ports.people),
      RELAIS_HEALTH_PORT: String(ports.health),
    };
    start = () => startBrokerProcess(settings, join(traffic.home, 'broker.log'));
  });

  afterAll(async () => {
    await broker?.end('SIGKILL');
    await traffic.close();
  });

  it('loses nothing, delivers nothing twice unmarked, and its journal holds', {
    timeout: 240_000,
  }, async () => {
    const random = randomFrom(SEED);
    const from = performance.now();
    broker = await start();
    traffic.begin(LOAD);
    const flights: number[] = [];
    while (flights.length < KILLS) {
      await pause(random() * 1_200);
      await eventually(async () => traffic.inFlight() >= IN_FLIGHT, 60);
      flights.push(traffic.inFlight());
      await broker.end('SIGKILL');
      broker = await start();
    }
    const killed = performance.now();
    // every sender gets its receipt, and everything accepted an end
    const { sent, refused } = await traffic.drain(60);
    expect(refused).toEqual([]);
    const drained = performance.now();
    const result = await traffic.weigh();
    const verdict = await traffic.journal();
    const seconds = (of: number) => Math.round(of / 100) / 10;
    console.log(
      `kill -9: seed ${SEED}, ${flights.length} kills, in flight ${Math.min(...flights)}–${Math.max(...flights)}, ` +
        `${figures(result)}, journal of ${verdict.entries} entries; ${seconds(killed - from)} s of kills, ` +
        `${seconds(drained - killed)} s to drain, ${seconds(performance.now() - drained)} s to check`,
    );

    expect(Math.min(...flights)).toBeGreaterThanOrEqual(IN_FLIGHT);
    expect(result).toMatchObject({ balanced: true, lost: [], unexplained: [], twice: [] });
    // a request and its answer each; every one has its receipt and reached its end
    expect(result.compared.receipts).toBe(result.partners.accepted);
    expect(result.partners.accepted).toBe(2 * sent);
    expect(result.partners.delivered).toBe(result.partners.accepted);
    expect(result.compared.received).toBe(result.partners.accepted + result.own.accepted);
    // twenty kills that nobody noticed would prove nothing
    expect(result.compared.repeats).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ ok: true });

    // the command says so too, and says otherwise once a single line is missing
    const exitCodes: unknown[] = [];
    const relais = async (file: string) => {
      const received = ['--received', file, traffic.receivedBy('spsti-b')];
      const words = [
        '--home',
        traffic.home,
        'ledger',
        '--sent',
        ...SERVICES.map(traffic.receiptsOf),
        ...received,
      ];
      exitCodes.push(await runCli(words, { out: () => undefined, err: () => undefined }));
    };
    await relais(traffic.receivedBy('spsti-a'));
    const lines = readFileSync(traffic.receivedBy('spsti-a'), 'utf8').trimEnd().split('\n');
    const gone = JSON.parse(lines[0] ?? '').messageId;
    const less = join(traffic.home, 'less.ndjson');
    writeFileSync(less, `${lines.filter((line) => !line.includes(gone)).join('\n')}\n`);
    await relais(`spsti-a=${less}`);
    expect(exitCodes).toEqual([0, 1]);

    await broker.end('SIGTERM');
    broker = undefined;
  });
});
