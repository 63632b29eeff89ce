/** `relais demo`: the whole product on one machine with fictional data, every flow of contracts/index.ts. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { flows } from '#contracts';
import type { Flow, TransportName } from '#core';
import { readConfiguration } from '../../../broker/src/config/environment.ts';
import type { PartnerSoftware } from '../../../simulators/src/partner/index.ts';
import type { DemoAccount } from '../../../simulators/src/psc/index.ts';
import { verifyJournal } from '../journal-verify/verify-journal.ts';
import { DEMO_PARTNERS } from '../pki/demo-partners.ts';
import { startBrokerProcess } from './broker-process.ts';
import { joined } from './channels/channel.ts';
import { startDemoChannels } from './channels/index.ts';
import { depositsOf, SFTP_PARTNERS } from './channels/sftp.ts';
import { demoCampaigns } from './demo-campaigns.ts';
import { openDemoHome, writeAgreements } from './demo-home.ts';
import type { DemoLine, DemoWorld } from './demo-run.ts';
import { BEGUN, DEMOS } from './demos.ts';
import { dossierOfServiceA } from './dossier-of-service-a.ts';
import { DISTRIBUTED, startFleet } from './fleet.ts';
import { freePort } from './free-port.ts';
import { strayed, WAYS, waysIn } from './natural-channel.ts';
import { issuerOf, startDemoPeople } from './people.ts';
import { sampleDemo } from './sample-demo.ts';
import { startEstablishment, startInsi, startPartner, startService } from './simulators.ts';
import { table } from './table.ts';

const PSC_PORT = 8445;

/** Every partner of the demo that only receives (INSi has a simulator of its own). */
const RECIPIENTS = DEMO_PARTNERS.map(({ id }) => id).filter(
  (id) => id !== 'insi' && !id.startsWith('spsti-'),
);

/** Whose software has an endpoint of its own. */
const PUSHED_TO = new Set(['internal-a', 'spf', 'portail', 'dgt']);

/** Sign-ins for whoever tries it by hand. */
const READY: readonly (readonly [DemoAccount, string])[] = [
  ['doctor-b', 'médecin du service B : demandez le dossier de Zoé ADRUN à SPSTI A'],
  ['secretary-b', 'secrétariat du service B, une fois qu’un médecin lui a délégué'],
  ['vigilance-b', 'cellule d’identitovigilance du service B'],
  ['operator', 'exploitation de Relais'],
  ['doctor-a', 'médecin du service A : les demandes reçues'],
  ['auditor-b', 'délégué à la protection des données du service B : son registre, le journal'],
  ['worker-zoe', 'Zoé ADRUN : son suivi, déposé par SPSTI A'],
  ['employer-a', 'Ateliers EXEMPLE : ce que SPSTI A leur adresse, leurs déclarations'],
];

/** What is off by default is on here. */
const FEATURES = flows.flatMap(({ contract: { feature } }) => (feature === undefined ? [] : [feature]));

export interface DemoOptions {
  once: boolean;
  /** several processes on the PostgreSQL and the RabbitMQ of DATABASE_URL and AMQP_URL */
  distributed?: boolean;
  /** port of the Pro Santé Connect stand-in; 0 = a free one */
  pscPort?: number;
  print?: (text: string) => void;
}

/** @returns the exit code: 0 only if every flow listed was delivered, read back and journalled */
export async function runDemo(options: DemoOptions): Promise<number> {
  const print = options.print ?? ((text: string) => void process.stdout.write(`${text}\n`));
  const began = Date.now();
  const { home, ports: wanted } = readConfiguration();
  const ports = {
    partners: await free(wanted.partners),
    people: await free(wanted.people),
    health: await free(wanted.health),
  };
  const relaisUrl = `https://localhost:${ports.partners}`;
  const demo = await openDemoHome(home);
  const closing: (() => Promise<unknown>)[] = [];
  let broker: { ended: Promise<string>; stop(): Promise<void> } | undefined;
  mkdirSync(join(home, 'demo'), { recursive: true });
  try {
    const starting = performance.now();
    const insi = await startInsi(demo);
    closing.push(() => insi.close());
    const people = await startDemoPeople({
      home,
      port: options.pscPort ?? PSC_PORT,
      clientSecret: demo.clientSecret,
      peoplePort: ports.people,
    });
    closing.push(() => people.psc.close());
    const a = await startService(demo, 'spsti-a', { relaisUrl, dossiers: [dossierOfServiceA()] });
    closing.push(() => a.close());
    const b = await startService(demo, 'spsti-b', { relaisUrl, dossiers: [], push: true });
    closing.push(() => b.close());
    const partners: Record<string, PartnerSoftware> = {};
    const endpoints: Record<string, string> = {};
    for (const id of RECIPIENTS) {
      const bySftp = SFTP_PARTNERS.includes(id);
      const software = await startPartner(demo, id, {
        relaisUrl,
        push: PUSHED_TO.has(id),
        ...(bySftp ? { deposits: depositsOf(demo, id) } : {}),
      });
      if (software.endpoint !== undefined) endpoints[id] = software.endpoint;
      closing.push(() => software.close());
      partners[id] = software;
    }
    const esms = await startEstablishment(demo, 'esms-1');
    closing.push(() => esms.close());
    const channels = await startDemoChannels(demo, a);
    for (const channel of channels.all) closing.push(() => channel.close());
    const agreements = joined(channels.all);
    writeAgreements(demo, {
      ...people,
      // its people follow at the portal what its software answers
      agreements: { ...agreements, 'spsti-a': { ...agreements['spsti-a'], pages: true } },
      fhir: { 'esms-1': esms.endpoint },
      endpoints,
      ...(b.endpoint === undefined ? {} : { pushEndpoint: b.endpoint }),
    });
    const campaigns = demoCampaigns(
      Date.now(),
      performance.now() - starting,
      options.distributed ? DISTRIBUTED.length : undefined,
    );
    const campaignsFile = join(home, 'demo', 'campaigns.json');
    writeFileSync(campaignsFile, JSON.stringify(campaigns), { mode: 0o600 });
    const settings = {
      RELAIS_HOME: home,
      RELAIS_CAMPAIGNS: campaignsFile,
      RELAIS_INSI_URL: insi.url,
      RELAIS_OIDC_ISSUER: people.psc.issuer,
      RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
      RELAIS_REFUSAL_TICK_SECONDS: '1',
      RELAIS_FEATURES: FEATURES.join(','),
      ...Object.assign({}, ...channels.all.map((channel) => channel.settings)),
    };
    const logs = join(home, 'demo');
    broker = options.distributed
      ? await startFleet({ layout: DISTRIBUTED, settings, ports, logs })
      : await startBrokerProcess(
          {
            ...settings,
            RELAIS_PARTNERS_PORT: String(ports.partners),
            RELAIS_PEOPLE_PORT: String(ports.people),
            RELAIS_HEALTH_PORT: String(ports.health),
          },
          ports.health,
          join(logs, 'broker.log'),
        );
    const world: DemoWorld = {
      services: { 'spsti-a': a, 'spsti-b': b },
      partners,
      esms,
      people,
      insi,
      channels: channels.handles,
      peopleUrl: `http://localhost:${ports.people}`,
      partnersUrl: relaisUrl,
      campaigns,
      folder: (flow) => join(home, 'demo', flow),
    };
    writeAccess(home, world);
    print('Relais : démonstration sur cette machine, données fictives\n');
    const played = await playAll(world);
    const journal = await checkJournal(home, world, played);
    print(table(HEADINGS, played.map(row)));
    print(`\njournal : ${journal.says}`);
    print(`fichiers reçus et déchiffrés : ${relative(process.cwd(), join(home, 'demo'))}/<flux>/`);
    const done = played.filter(({ line }) => line !== undefined).length;
    print(
      `${done} flux sur ${flows.length} remis, relus et journalisés en ${((Date.now() - began) / 1000).toFixed(1)} s`,
    );
    const code = done === flows.length && journal.ok ? 0 : 1;
    if (options.once) return code;
    print(`\npartenaires  ${relaisUrl} (certificat client exigé)`);
    print(
      `portail      ${world.peopleUrl} (comptes : ${relative(process.cwd(), join(home, 'demo', 'access.json'))})`,
    );
    for (const [account, who] of READY)
      print(`             ${account} / ${people.passwords[account]}  ${who}`);
    if (!options.distributed) print(`santé        http://127.0.0.1:${ports.health}/health/ready`);
    print('Ctrl-C pour arrêter.');
    await Promise.race([interrupted(), broker.ended.then((why) => print(why))]);
    return code;
  } finally {
    await broker?.stop();
    await Promise.all(closing.map((close) => close()));
  }
}

interface Played {
  flow: string;
  line?: DemoLine;
  /** channels that its messages took, from the journal */
  ways: TransportName[];
  problem?: string;
  ms: number;
}

const HEADINGS = [
  'flux',
  'émetteur → destinataire',
  'identité',
  'transformation',
  'protection',
  'transport',
  'issue',
  'ms',
];

function row({ flow, line, ways, problem, ms }: Played): string[] {
  if (line === undefined) return [flow, '', '', '', '', '', `ÉCHEC : ${problem ?? ''}`, String(ms)];
  const { sender, recipient, identity, transform, protection, form, outcome } = line;
  const transport = [ways.map((way) => WAYS[way]).join(' → '), ...(form === undefined ? [] : [form])].join(
    ' : ',
  );
  return [flow, `${sender} → ${recipient}`, identity, transform, protection, transport, outcome, String(ms)];
}

async function playAll(world: DemoWorld): Promise<Played[]> {
  const begun = new Map<string, () => Promise<DemoLine>>();
  for (const { contract } of flows) {
    const begin = BEGUN[contract.flow];
    if (begin !== undefined) begun.set(contract.flow, await begin(world).catch(failing));
  }
  const played: Played[] = [];
  for (const flow of flows.toSorted((a, b) => waits(begun, a) - waits(begun, b))) {
    const { contract } = flow;
    const began = performance.now();
    const elapsed = () => Math.round(performance.now() - began);
    try {
      const demo = begun.get(contract.flow) ?? DEMOS[contract.flow] ?? sampleDemo(flow);
      const line = await demo(world);
      const empty = line.files.filter((file) => statSync(file).size === 0);
      if (line.files.length === 0 || empty.length > 0) throw new Error('rien à relire');
      played.push({ flow: contract.flow, line, ways: [], ms: elapsed() });
    } catch (error) {
      played.push({ flow: contract.flow, ways: [], problem: (error as Error).message, ms: elapsed() });
    }
  }
  const order = flows.map(({ contract }) => contract.flow);
  return played.sort((a, b) => order.indexOf(a.flow) - order.indexOf(b.flow));
}

/** What could not begin fails in its turn, and not before the others were played. */
function failing(error: unknown): () => Promise<DemoLine> {
  return () => Promise.reject(error);
}

function waits(begun: ReadonlyMap<string, unknown>, { contract }: Flow): number {
  return begun.has(contract.flow) ? 1 : 0;
}

/** The operator's export, verified by the verifier that shares nothing with the writer; each message must be in it. */
async function checkJournal(
  home: string,
  { people, peopleUrl }: DemoWorld,
  played: Played[],
): Promise<{ ok: boolean; says: string }> {
  const answer = await fetch(`${peopleUrl}/v1/journal/export`, {
    headers: {
      authorization: `Bearer ${await people.tokenOf('operator')}`,
      'relais-issuer': issuerOf('operator'),
    },
  });
  const text = await answer.text();
  const file = join(home, 'demo', 'journal.ndjson');
  writeFileSync(file, text, { mode: 0o600 });
  const { ok, entries, seals, firstBad } = await verifyJournal(file);
  const taken = waysIn(text);
  for (const one of played) {
    const ids = one.line?.messageIds;
    if (ids === undefined) continue;
    one.ways = [...new Set(ids.flatMap((id) => [...(taken.get(id) ?? [])]))];
    const problem = ids.every((id) => text.includes(id))
      ? strayed(one.flow, new Set(one.ways))
      : 'pas dans le journal';
    if (problem === undefined) continue;
    delete one.line;
    one.problem = problem;
  }
  const says = ok
    ? `${entries} entrées, ${seals} sceaux, vérifié (${relative(process.cwd(), file)})`
    : `REFUSÉ : ${firstBad?.code ?? 'export illisible'}`;
  return { ok, says };
}

/** Addresses, accounts and passwords of the demo, for whoever wants to try it by hand. */
function writeAccess(home: string, { people, peopleUrl }: DemoWorld): void {
  const accounts = Object.fromEntries(
    Object.entries(people.passwords).map(([account, password]) => {
      const issuerId = issuerOf(account as DemoAccount);
      return [account, { password, issuerId, signIn: `${peopleUrl}/auth/login?with=${issuerId}` }];
    }),
  );
  const access = { issuer: people.psc.issuer, people: peopleUrl, accounts };
  writeFileSync(join(home, 'demo', 'access.json'), `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 });
}

const free = (port: number): Promise<number> => (port === 0 ? freePort() : Promise.resolve(port));

function interrupted(): Promise<void> {
  return new Promise((resolveOnce) => {
    process.once('SIGINT', () => resolveOnce());
    process.once('SIGTERM', () => resolveOnce());
  });
}
