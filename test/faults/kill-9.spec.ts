/**
 * kill -9 of the broker, twenty times under load, on one home: what was accepted is somewhere, once. Judged by the
 * receipts that senders kept and the ids that receivers wrote, never by the database alone.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { type DemoPeople, issuerOf, startDemoPeople } from '../../apps/cli/src/demo/people.ts';
import { startInsi, startService } from '../../apps/cli/src/demo/simulators.ts';
import { verifyJournal } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { audit } from '../../apps/cli/src/ledger/audit.ts';
import { namedPath } from '../../apps/cli/src/ledger/partner-files.ts';
import { runCli } from '../../apps/cli/src/run-cli.ts';
import type { InsiSimulator } from '../../apps/simulators/src/insi/index.ts';
import type { HeldDossier, Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { ask, eventually } from '../builders/relais.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';
import { freePorts } from '../services/free-ports.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from './broker-process.ts';

const KILLS = 20;
const IN_FLIGHT = 50;
/** units that the senders keep in flight */
const LOAD = 110;
const SEED = Number(process.env['KILL_SEED'] ?? 20_261_122);

const VAR = join(import.meta.dirname, '../../var/test');
const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid');
const SERVICES = ['spsti-a', 'spsti-b'] as const;

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

/** Every tenth is a person whom INSi knows and whose dossier the other service holds; nobody else exists anywhere. */
function requestAbout(n: number): string {
  const letters = [...String(n)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('');
  const unknown = { birthName: `FICTIF${letters}`, firstNames: ['ALEX'], sex: 'F', birthDate: '1980-02-03' };
  const zoe = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
  return JSON.stringify({
    worker: { traits: n % 10 === 0 ? { ...zoe, birthPlace: '63220' } : unknown, identityStatus: 'PROV' },
    requester: { role: 'SECRETAIRE', name: 'Camille EXEMPLE', localId: `fictif-${n}` },
    legalGate: {
      informedAt: '2026-11-16T09:12:00+01:00',
      nonOpposition: true,
      recordedBy: 'Dr Claire FICTIF',
      noticeVersion: '2026-01',
    },
    integrationLevel: 'STRUCTURED',
    purpose: 'CONTINUITE',
  });
}

const dossier: HeldDossier = {
  birthName: 'ADRUN',
  birthDate: '1975-12-31',
  lastVisit: '2026-05-11',
  mediaType: 'application/json',
  content: readFileSync(join(SAMPLES, 'response.full.json')),
};

describe('a broker killed twenty times under load', () => {
  let home: string;
  let demo: DemoHome;
  let insi: InsiSimulator;
  let people: DemoPeople;
  let peoplePort: number;
  let services: Record<(typeof SERVICES)[number], Spsti>;
  let start: () => Promise<BrokerProcess>;
  let broker: BrokerProcess | undefined;

  beforeAll(async () => {
    buildPrograms();
    mkdirSync(VAR, { recursive: true });
    home = mkdtempSync(join(VAR, 'kill-9-'));
    demo = await aDemoHome(home);
    const [partners = 0, peopleAt = 0, health = 0] = await freePorts(3);
    peoplePort = peopleAt;
    insi = await startInsi(demo);
    people = await startDemoPeople({ home, port: 0, clientSecret: demo.clientSecret, peoplePort });
    // the broker is back within seconds: nobody pauses for half a minute
    const patience = { patienceMs: 120_000, longestPauseMs: 500 };
    const options = { relaisUrl: `https://localhost:${partners}`, dossiers: [dossier], patience };
    const b = await startService(demo, 'spsti-b', { ...options, push: true });
    services = { 'spsti-a': await startService(demo, 'spsti-a', options), 'spsti-b': b };
    writeAgreements(demo, { ...people, endpoints: { 'spsti-b': b.endpoint ?? '' } });
    const settings = {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(partners),
      RELAIS_PEOPLE_PORT: String(peoplePort),
      RELAIS_HEALTH_PORT: String(health),
      RELAIS_INSI_URL: insi.url,
      RELAIS_OIDC_ISSUER: people.psc.issuer,
      RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
      RELAIS_LEASE_SECONDS: '2',
      RELAIS_RETRY_FIRST_SECONDS: '0.2',
      RELAIS_RETRY_MAX_SECONDS: '2',
      RELAIS_REFUSAL_TICK_SECONDS: '0.5',
    };
    start = () => startBrokerProcess(settings, join(home, 'broker.log'));
  });

  afterAll(async () => {
    await Promise.all(Object.values(services).map((service) => service.close()));
    await broker?.end('SIGKILL');
    await insi.close();
    await people.psc.close();
    rmSync(home, { recursive: true, force: true });
  });

  const folderOf = (service: string) => join(home, 'demo', service);
  const receiptsOf = (service: string) => join(folderOf(service), 'receipts');
  const receivedBy = (service: string) => join(folderOf(service), 'received.ndjson');
  const kept = (service: string) => {
    const names = readdirSync(receiptsOf(service), { withFileTypes: true });
    return names.flatMap(({ name }) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
  };
  /** accepted, by the receipts that senders hold, and in no receiver's file */
  const inFlight = () => {
    const received = new Set(
      SERVICES.flatMap((service) =>
        readFileSync(receivedBy(service), 'utf8')
          .split('\n')
          .map((line) => line.slice(14, 50)),
      ),
    );
    return SERVICES.flatMap(kept).filter((id) => !received.has(id)).length;
  };
  const weigh = () =>
    audit({
      store: { file: join(home, 'relais.sqlite') },
      sent: SERVICES.map((service) => namedPath(receiptsOf(service))),
      received: SERVICES.map((service) => namedPath(receivedBy(service))),
    });

  it('loses nothing, delivers nothing twice unmarked, and its journal holds', {
    timeout: 240_000,
  }, async () => {
    const random = randomFrom(SEED);
    const from = performance.now();
    for (const service of SERVICES) mkdirSync(receiptsOf(service), { recursive: true });
    broker = await start();

    // senders: both services, each asking the other, one id a request for as long as it takes
    let sent = 0;
    let underWay = 0;
    let goingOn = true;
    const refused: unknown[] = [];
    const send = async (n: number) => {
      const [sender, recipient] = n % 2 === 0 ? SERVICES : SERVICES.toReversed();
      underWay += 1;
      await services[sender as 'spsti-a'].client
        .send({
          id: `request-${n}`,
          type: 'fr.relais-st.dmst-portability.request.v1',
          datacontenttype: 'application/json',
          recipient: recipient as string,
          data: requestAbout(n),
        })
        .catch((error: unknown) => refused.push(error));
      underWay -= 1;
    };
    const load = (async () => {
      while (goingOn) {
        for (let room = LOAD - inFlight() - underWay; room > 0; room--) void send(sent++);
        await pause(50);
      }
    })();

    const flights: number[] = [];
    while (flights.length < KILLS) {
      await pause(random() * 1_200);
      await eventually(async () => inFlight() >= IN_FLIGHT, 60);
      flights.push(inFlight());
      await broker.end('SIGKILL');
      broker = await start();
    }
    goingOn = false;
    await load;
    const killed = performance.now();

    // every sender gets its receipt, and everything accepted an end
    const atRest = async () => {
      const { partners, own } = await weigh();
      return underWay + partners.waiting + own.waiting === 0;
    };
    // whatever is missing is named below
    await eventually(atRest, 60).catch(() => undefined);
    expect(refused).toEqual([]);
    const drained = performance.now();

    const result = await weigh();
    const operator = { authorization: `Bearer ${await people.tokenOf('operator')}` };
    const exported = await ask(`http://localhost:${peoplePort}/v1/journal/export`, {
      headers: { ...operator, 'relais-issuer': issuerOf('operator') },
    });
    expect(exported.status).toBe(200);
    const journal = join(home, 'journal.ndjson');
    writeFileSync(journal, exported.bytes);
    const witnesses = SERVICES.flatMap((service) =>
      kept(service).map((id) => join(receiptsOf(service), `${id}.json`)),
    );
    const verdict = await verifyJournal(journal, { witnesses });
    const seconds = (of: number) => Math.round(of / 100) / 10;
    console.log(
      `kill -9: seed ${SEED}, ${flights.length} kills, in flight ${Math.min(...flights)}–${Math.max(...flights)}, ` +
        `${result.partners.accepted} accepted = ${result.partners.delivered} delivered + ${result.partners.refused} refused ` +
        `+ ${result.partners.waiting} waiting, ${result.compared.receipts} receipts, ${result.compared.received} received, ` +
        `${result.compared.repeats} repeats marked, ${result.lost.length} lost, ${result.twice.length} twice unmarked, ` +
        `journal of ${verdict.entries} entries; ${seconds(killed - from)} s of kills, ` +
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
      const received = ['--received', file, receivedBy('spsti-b')];
      const words = ['--home', home, 'ledger', '--sent', ...SERVICES.map(receiptsOf), ...received];
      exitCodes.push(await runCli(words, { out: () => undefined, err: () => undefined }));
    };
    await relais(receivedBy('spsti-a'));
    const lines = readFileSync(receivedBy('spsti-a'), 'utf8').trimEnd().split('\n');
    const gone = JSON.parse(lines[0] ?? '').messageId;
    const less = join(home, 'less.ndjson');
    writeFileSync(less, `${lines.filter((line) => !line.includes(gone)).join('\n')}\n`);
    await relais(`spsti-a=${less}`);
    expect(exitCodes).toEqual([0, 1]);

    await broker.end('SIGTERM');
    broker = undefined;
  });
});
