/** A whole Relais for a test: broker in this process on free ports, simulators, real TLS, real SQLite, a folder of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { destination } from 'pino';
import { Agent, request } from 'undici';
import { environmentWith, readConfiguration } from '../../apps/broker/src/config/environment.ts';
import { createLog } from '../../apps/broker/src/engine/log.ts';
import { type RunningBroker, startBroker } from '../../apps/broker/src/start.ts';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import { type DemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { type DemoPeople, issuerOf, startDemoPeople } from '../../apps/cli/src/demo/people.ts';
import type { ServiceOptions, SoftwareOptions } from '../../apps/cli/src/demo/simulators.ts';
import { startInsi, startPartner, startService } from '../../apps/cli/src/demo/simulators.ts';
import type { DemoPartner } from '../../apps/cli/src/pki/demo-partners.ts';
import type { InsiSimulator } from '../../apps/simulators/src/insi/index.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aDemoHome } from './rsa-keys.ts';
import { THIRD_SERVICE } from './third-service.ts';

const VAR = join(import.meta.dirname, '../../var/test');

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** parsed when JSON, else undefined */
  json: Record<string, unknown> & unknown[];
  bytes: Buffer;
}

export interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface TestRelais {
  demo: DemoHome;
  broker: RunningBroker;
  insi: InsiSimulator;
  people: DemoPeople;
  partnersUrl: string;
  peopleUrl: string;
  healthUrl: string;
  /** as a partner's software, by its certificate (or a bad one: `bad/revoked`) */
  as(partner: string): (path: string, asking?: Asking) => Promise<Answer>;
  /** as a person, by bearer, on the people port */
  by(account: DemoAccount): (path: string, asking?: Asking) => Promise<Answer>;
  /** a simulated service's software, closed with the rest */
  service(id: 'spsti-a' | 'spsti-b' | 'spsti-c', options?: Partial<ServiceOptions>): Promise<Spsti>;
  /** the software of any other partner whose keys were asked for (`alsoKeysOf`), closed with the rest */
  partner(id: string, options?: Partial<SoftwareOptions>): Promise<PartnerSoftware>;
  /** moves the broker's clock on, for deadlines and purges */
  advance(ms: number): void;
  /** every line the broker logged */
  logged(): string;
  close(): Promise<void>;
}

const LONGEST_TEST_DAYS = 100;
let homes = 0;

export async function aRelais(
  settings: Readonly<Record<string, string>> = {},
  options: {
    endpoints?: Record<string, string>;
    /** base of the FHIR server per partner */
    fhir?: Record<string, string>;
    /** channels and mandates laid over the agreements; a function is given the home once its keys are made */
    agreements?:
      | Record<string, DemoAgreement>
      | ((demo: DemoHome, people: DemoPeople) => Promise<Record<string, DemoAgreement>>);
    thirdService?: boolean;
    alsoKeysOf?: (string | DemoPartner)[];
    bodyStallMs?: number;
    /** of PSC's access tokens; default longer than any `advance` */
    accessTokenSeconds?: number;
    /** between two polls by CIBA; default as the standard says, 5 */
    cibaIntervalSeconds?: number;
  } = {},
): Promise<TestRelais> {
  mkdirSync(join(VAR, 'logs'), { recursive: true });
  const home = mkdtempSync(join(VAR, `relais-${process.pid}-${homes++}-`));
  const third = options.thirdService === true ? [THIRD_SERVICE] : [];
  const demo = await aDemoHome(home, {
    partners: ['spsti-a', 'spsti-b', 'insi', ...third, ...(options.alsoKeysOf ?? [])],
    // `advance` may go beyond the life of an ordinary list
    crlDays: LONGEST_TEST_DAYS,
  });
  const insi = await startInsi(demo);
  const people = await startDemoPeople({
    home,
    port: 0,
    clientSecret: demo.clientSecret,
    // a browser that signs in comes back to a port that the issuer knew first
    peoplePort: Number(settings['RELAIS_PEOPLE_PORT'] ?? 1),
    accessTokenSeconds: options.accessTokenSeconds ?? LONGEST_TEST_DAYS * 86_400,
    ...(options.cibaIntervalSeconds === undefined
      ? {}
      : { cibaIntervalSeconds: options.cibaIntervalSeconds }),
  });
  const { bodyStallMs, agreements = {}, endpoints, fhir } = options;
  const more = {
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(fhir === undefined ? {} : { fhir }),
  };
  const laid = typeof agreements === 'function' ? await agreements(demo, people) : agreements;
  writeAgreements(demo, { ...people, ...more, agreements: laid, moreServices: third });
  const configuration = readConfiguration(
    environmentWith({
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: '0',
      RELAIS_PEOPLE_PORT: '0',
      RELAIS_HEALTH_PORT: '0',
      RELAIS_INSI_URL: insi.url,
      RELAIS_OIDC_ISSUER: people.psc.issuer,
      RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
      RELAIS_REFUSAL_TICK_SECONDS: '1',
      RELAIS_RETRY_FIRST_SECONDS: '0.2',
      RELAIS_SEAL_INTERVAL_MS: '200',
      RELAIS_LOG_LEVEL: 'debug',
      ...settings,
    }),
  );
  // outlives the folder: test/logs-are-clean.ts reads every one
  const logFile = join(VAR, 'logs', `${basename(home)}.log`);
  const log = createLog('debug', destination({ dest: logFile, sync: true }));
  let ahead = 0;
  const broker = await startBroker(
    configuration,
    log,
    { now: () => new Date(Date.now() + ahead) },
    ...(bodyStallMs === undefined ? [] : [{ bodyStallMs }]),
  );
  const partnersUrl = `https://localhost:${broker.ports.partners}`;
  const peopleUrl = `http://localhost:${broker.ports.people}`;
  const agents = new Map<string, Agent>();
  const services: PartnerSoftware[] = [];
  const tokens = new Map<DemoAccount, Promise<string>>();

  const tokenOf = (account: DemoAccount): Promise<string> => {
    const token = tokens.get(account) ?? people.tokenOf(account);
    tokens.set(account, token);
    return token;
  };

  const agentOf = (partner: string): Agent => {
    const known = agents.get(partner);
    if (known !== undefined) return known;
    const base = join(home, 'pki', partner.startsWith('bad/') ? partner : `partners/${partner}`);
    const agent = new Agent({
      connect: {
        cert: readFileSync(`${base}.crt`, 'utf8'),
        key: readFileSync(`${base}.key`, 'utf8'),
        ca: readFileSync(demo.paths.ca.crt, 'utf8'),
      },
    });
    agents.set(partner, agent);
    return agent;
  };

  return {
    demo,
    broker,
    insi,
    people,
    partnersUrl,
    peopleUrl,
    healthUrl: `http://127.0.0.1:${broker.ports.health}`,
    as: (partner) => (path, asking) => ask(`${partnersUrl}${path}`, asking, agentOf(partner)),
    by:
      (account) =>
      async (path, asking = {}) => {
        const authorization = `Bearer ${await tokenOf(account)}`;
        return ask(`${peopleUrl}${path}`, {
          ...asking,
          headers: { authorization, 'relais-issuer': issuerOf(account), ...asking.headers },
        });
      },
    service: async (id, more = {}) => {
      const service = await startService(demo, id, { relaisUrl: partnersUrl, dossiers: [], ...more });
      services.push(service);
      return service;
    },
    partner: async (id, more = {}) => {
      const software = await startPartner(demo, id, { relaisUrl: partnersUrl, ...more });
      services.push(software);
      return software;
    },
    advance: (ms) => {
      ahead += ms;
    },
    logged: () => readFileSync(logFile, 'utf8'),
    close: async () => {
      await Promise.all(services.map((service) => service.close()));
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      await broker.stop();
      await insi.close();
      await people.psc.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export async function ask(url: string, asking: Asking = {}, dispatcher?: Agent): Promise<Answer> {
  const answer = await request(url, {
    method: (asking.method ?? (asking.body === undefined ? 'GET' : 'POST')) as 'GET',
    ...(asking.headers === undefined ? {} : { headers: asking.headers }),
    ...(asking.body === undefined ? {} : { body: asking.body }),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const isJson = /[/+]json/.test(String(answer.headers['content-type'] ?? ''));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined,
    bytes,
  };
}

/** The keeper’s turn, made and ended: what time does to messages by now is done. */
export const keeperTurn = ({ broker }: TestRelais): Promise<void> => broker.engine.keeper.tick();

/** Waits until `look` gives something, at most `seconds`: those of a machine that others load. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, seconds = 45): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing after ${seconds} s`);
}
