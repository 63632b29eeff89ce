/**
 * Two services that ask each other without end, and what of it is accepted, delivered and journalled: judged by the
 * receipts that senders kept and the ids that receivers wrote, never by the database alone.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StorePlace } from '#storage';
import { type DemoHome, writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { type DemoPeople, issuerOf, startDemoPeople } from '../../apps/cli/src/demo/people.ts';
import { startInsi, startService } from '../../apps/cli/src/demo/simulators.ts';
import type { JournalVerdict } from '../../apps/cli/src/journal-verify/verdict.ts';
import { verifyJournal } from '../../apps/cli/src/journal-verify/verify-journal.ts';
import { audit } from '../../apps/cli/src/ledger/audit.ts';
import type { Balance } from '../../apps/cli/src/ledger/balance.ts';
import { namedPath } from '../../apps/cli/src/ledger/partner-files.ts';
import type { HeldDossier, Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { ask, eventually } from '../builders/relais.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';
import { freePorts } from '../services/free-ports.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const SAMPLES = join(import.meta.dirname, '../../contracts/dmst-portability/samples/valid');
export const SERVICES = ['spsti-a', 'spsti-b'] as const;

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

export interface Traffic {
  home: string;
  /** where the broker, or what stands before its processes, is awaited */
  ports: { partners: number; people: number; health: number };
  /** of the broker */
  settings: Record<string, string>;
  /** where spsti-b takes what is pushed to it */
  endpoint: string;
  /** senders keep so many units in flight from now on */
  begin(load: number): void;
  /** accepted, by the receipts that senders hold, and in no receiver's file */
  inFlight(): number;
  /** receipts that senders hold, and messages that receivers wrote down: of partners and of Relais itself; `pushed` of them to spsti-b */
  progress(): { accepted: number; received: number; pushed: number };
  /** folder of receipts */
  receiptsOf(service: string): string;
  receivedBy(service: string): string;
  weigh(): Promise<Balance>;
  /** No more is sent; waits until all that was has its receipt and its end. */
  drain(seconds: number): Promise<{ sent: number; refused: readonly unknown[] }>;
  /** The operator's export, verified with every receipt as a witness. */
  journal(): Promise<JournalVerdict>;
  close(): Promise<void>;
}

export interface TrafficOptions {
  name: string;
  store(home: string): StorePlace;
  /** what spsti-b is reached through; itself by default */
  throughProxy?(endpoint: string): Promise<string>;
}

export async function startTraffic({ name, store, throughProxy }: TrafficOptions): Promise<Traffic> {
  mkdirSync(VAR, { recursive: true });
  const home = mkdtempSync(join(VAR, `${name}-`));
  const demo: DemoHome = await aDemoHome(home);
  const [partners = 0, peoplePort = 0, health = 0] = await freePorts(3);
  const insi = await startInsi(demo);
  const people: DemoPeople = await startDemoPeople({
    home,
    port: 0,
    clientSecret: demo.clientSecret,
    peoplePort,
  });
  // the broker is back within seconds: nobody pauses for half a minute
  const patience = { patienceMs: 120_000, longestPauseMs: 500 };
  const options = { relaisUrl: `https://localhost:${partners}`, dossiers: [dossier], patience };
  const b = await startService(demo, 'spsti-b', { ...options, push: true });
  const services: Record<(typeof SERVICES)[number], Spsti> = {
    'spsti-a': await startService(demo, 'spsti-a', options),
    'spsti-b': b,
  };
  const endpoint = b.endpoint ?? '';
  const reached = throughProxy === undefined ? endpoint : await throughProxy(endpoint);
  writeAgreements(demo, { ...people, endpoints: { 'spsti-b': reached } });
  const receiptsOf = (service: string) => join(home, 'demo', service, 'receipts');
  const receivedBy = (service: string) => join(home, 'demo', service, 'received.ndjson');
  for (const service of SERVICES) mkdirSync(receiptsOf(service), { recursive: true });

  const kept = (service: string) => {
    const names = readdirSync(receiptsOf(service), { withFileTypes: true });
    return names.flatMap(({ name: file }) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  };
  const received: Record<string, Set<string>> = Object.fromEntries(SERVICES.map((id) => [id, new Set()]));
  const read: Record<string, number> = {};
  /** What was written since the last look; a line that is not yet whole is read the next time. */
  const readOn = () => {
    for (const service of SERVICES) {
      const file = openSync(receivedBy(service), 'r');
      const from = read[service] ?? 0;
      const bytes = Buffer.alloc(fstatSync(file).size - from);
      readSync(file, bytes, 0, bytes.length, from);
      closeSync(file);
      const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
      read[service] = from + whole.length;
      for (const line of whole.toString().split('\n').filter(Boolean))
        received[service]?.add(JSON.parse(line).messageId);
    }
  };
  const inFlight = () => {
    readOn();
    const all = Object.values(received);
    return SERVICES.flatMap(kept).filter((id) => !all.some((ids) => ids.has(id))).length;
  };
  const progress = () => {
    readOn();
    const pushed = received['spsti-b']?.size ?? 0;
    const all = pushed + (received['spsti-a']?.size ?? 0);
    return { accepted: SERVICES.flatMap(kept).length, received: all, pushed };
  };
  const weigh = () =>
    audit({
      store: store(home),
      sent: SERVICES.map((service) => namedPath(receiptsOf(service))),
      received: SERVICES.map((service) => namedPath(receivedBy(service))),
    });

  // both services, each asking the other, one id a request for as long as it takes
  let sent = 0;
  let underWay = 0;
  let goingOn = true;
  let load: Promise<void> = Promise.resolve();
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

  return {
    home,
    endpoint,
    ports: { partners, people: peoplePort, health },
    settings: {
      RELAIS_HOME: home,
      RELAIS_INSI_URL: insi.url,
      RELAIS_OIDC_ISSUER: people.psc.issuer,
      RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
      RELAIS_LEASE_SECONDS: '2',
      RELAIS_RETRY_FIRST_SECONDS: '0.2',
      RELAIS_RETRY_MAX_SECONDS: '2',
      RELAIS_REFUSAL_TICK_SECONDS: '0.5',
    },
    begin: (units) => {
      load = (async () => {
        while (goingOn) {
          for (let room = units - inFlight() - underWay; room > 0; room--) void send(sent++);
          await pause(50);
        }
      })();
    },
    inFlight,
    progress,
    receiptsOf,
    receivedBy,
    weigh,
    drain: async (seconds) => {
      goingOn = false;
      await load;
      const atRest = async () => {
        if (underWay > 0) return false;
        const { partners: units, own } = await weigh();
        return units.waiting + own.waiting === 0;
      };
      // whatever is missing is named by who asks next
      await eventually(atRest, seconds).catch(() => undefined);
      return { sent, refused };
    },
    journal: async () => {
      const operator = { authorization: `Bearer ${await people.tokenOf('operator')}` };
      const exported = await ask(`http://localhost:${peoplePort}/v1/journal/export`, {
        headers: { ...operator, 'relais-issuer': issuerOf('operator') },
      });
      if (exported.status !== 200) throw new Error(`export answered ${exported.status}`);
      const journal = join(home, 'journal.ndjson');
      writeFileSync(journal, exported.bytes);
      const witnesses = SERVICES.flatMap((service) =>
        kept(service).map((id) => join(receiptsOf(service), `${id}.json`)),
      );
      return verifyJournal(journal, { witnesses });
    },
    close: async () => {
      goingOn = false;
      await load;
      await Promise.all(Object.values(services).map((service) => service.close()));
      await insi.close();
      await people.psc.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** One line of figures, for the log of the run and the table of the README. */
export function figures({ partners, compared, lost, twice }: Balance): string {
  return (
    `${partners.accepted} accepted = ${partners.delivered} delivered + ${partners.refused} refused + ` +
    `${partners.waiting} waiting, ${compared.receipts} receipts, ${compared.received} received, ` +
    `${compared.repeats} repeats marked, ${lost.length} lost, ${twice.length} twice unmarked`
  );
}
