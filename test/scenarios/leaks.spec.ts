/**
 * The leak hunt through a running Relais: what each recipient decrypts, and all that Relais itself keeps or says (log,
 * database, journal, metrics, traces). test/attacks/leaks.spec.ts does the same for 5 000 workers without a broker.
 */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hunt, TraceSet, tracesOf } from '#confidentiality';
import { demoCampaigns } from '../../apps/cli/src/demo/demo-campaigns.ts';
import { throughEdge } from '../../apps/cli/src/edge/edge.ts';
import { EdgeInput } from '../../apps/cli/src/edge/edge-input.ts';
import { type HdhExport, hdhExport } from '../../apps/cli/src/edge/hdh-feed.ts';
import { mcpFortnight } from '../../apps/cli/src/edge/mcp.ts';
import { SenderFolder } from '../../apps/cli/src/edge/sender-folder.ts';
import { fullDmst } from '../../apps/cli/src/generate/dmst.ts';
import { evrestInputOf, evrestWorkers } from '../../apps/cli/src/generate/evrest.ts';
import { contentsOf, GENERATORS } from '../../apps/cli/src/generate/generators.ts';
import { fortnightStart, mcpInputOf } from '../../apps/cli/src/generate/mcp.ts';
import { sumerInputOf } from '../../apps/cli/src/generate/sumer.ts';
import { take, type Worker } from '../../apps/cli/src/generate/world.ts';
import type { PartnerSoftware, ReceivedDelivery } from '../../apps/simulators/src/partner/index.ts';
import { classOf } from '../../contracts/mcp/fortnight.ts';
import { everythingIn } from '../attacks/everything-in.ts';
import { aServiceOf } from '../attacks/sent-by-a-service.ts';
import { aCollector, type Collector } from '../builders/collector.ts';
import { rows, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, ask, eventually, type TestRelais } from '../builders/relais.ts';

const SERVICE = aServiceOf(1_200, 20_261_123);
const DAY = 86_400_000;
const RECIPIENTS = ['hdh', 'dares', 'dgafp', 'spf', 'gis-evrest', 'cnam', 'dgt', 'portail'];
/** What an employer may be told; sumer, mcp… have nothing of the kind. */
const FLOWS = ['hdh-feed', 'sumer', 'mcp', 'evrest', 'cnam-risks', 'dgt-annual', 'employer-portal'];
const MAY_NAME = ['employer-portal'];

/** Everybody of the world, and the person of the INSi test set whose avis is shown. */
const traces = [
  ...SERVICE.everybody.flatMap(({ matricule, dossier: { identity } }) =>
    tracesOf({ ...identity, ins: matricule, ...identity.contact, localIds: [identity.localId.value] }),
  ),
  ...tracesOf({ ...ZOE, sex: 'F', ins: ZOE_INS }),
];
const everybody = new TraceSet(traces);
/** Those that chance does not write in megabytes of ciphertext. */
const unlikely = new TraceSet(traces.filter(({ kind, text }) => !kind.includes('name') || text.length >= 14));
const PLANT = SERVICE.everybody[0]?.matricule.value ?? '';

let relais: TestRelais;
let collector: Collector;
let sender: PartnerSoftware;
let sent: { id: string; flow: string; partner: string }[];
const partners = new Map<string, PartnerSoftware>();

/** Of a true fortnight many lines would stand alone and wait for a decision: the workers of the fullest classes. */
function alike(): Worker[] {
  const lines = SERVICE.everybody
    .filter(({ dossier }) => (dossier.employments[0]?.from ?? '9') <= fortnightStart(SERVICE.today))
    .flatMap((worker) => {
      const [line] = mcpFortnight(new EdgeInput(mcpInputOf(SERVICE, [worker]))).lines;
      return line === undefined ? [] : [{ worker, name: classOf(line) }];
    });
  const classes = [...Map.groupBy(lines, ({ name }) => name).values()].filter((those) => those.length >= 6);
  if (classes.length === 0) throw new Error('no class is large enough');
  return classes.slice(0, 3).flatMap((those) => those.map(({ worker }) => worker));
}

async function researchLines(): Promise<string> {
  const settings: HdhExport = {
    exportId: randomUUID(),
    mode: 'full',
    period: { from: '2026-01', to: '2026-06' },
    information: { informedAt: '2025-01-15', recordedBy: 'DPO' },
    opposition: { appliedAt: '2026-07-01T06:00:00Z', listVersion: '2026-07', opposed: [] },
  };
  let text = '';
  const dossiers = SERVICE.everybody.slice(0, 200).map((worker) => fullDmst(worker));
  // drawn from the seed: chance writes no name in them today, nor tomorrow
  const random = SERVICE.random('links');
  const draw = () => Buffer.from(Array.from({ length: 16 }, () => random.int(0, 255))).toString('base64url');
  for await (const one of hdhExport(() => dossiers, settings, draw))
    if (one.kind === 'header' || one.kind === 'line') text += `${JSON.stringify(one.json)}\n`;
  return text;
}

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../var/test');
  mkdirSync(folder, { recursive: true });
  const campaigns = join(folder, `leak-campaigns-${process.pid}.json`);
  const open = demoCampaigns(Date.now(), 0, 1);
  const soon = { closesAt: new Date(Date.now() + DAY).toISOString() };
  writeFileSync(campaigns, JSON.stringify({ ...open, mcp: { ...open['mcp'], ...soon } }));
  collector = await aCollector();
  relais = await aRelais(
    { RELAIS_CAMPAIGNS: campaigns, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    { alsoKeysOf: RECIPIENTS },
  );
  sender = await relais.service('spsti-a');
  for (const id of RECIPIENTS) partners.set(id, await relais.partner(id));
  const edge = new SenderFolder(join(relais.demo.home, 'edge'));
  const sheets = (flow: string, inputs: unknown[]) => inputs.map((input) => throughEdge(flow, input, edge));
  const made = (flow: string, object: string, count: number) => {
    const generator = GENERATORS[flow];
    if (generator === undefined) throw new Error(`nothing generates ${flow}`);
    return [...take(contentsOf(generator, object, SERVICE), count)];
  };
  const avis = JSON.parse(
    readFileSync(
      join(import.meta.dirname, '../../contracts/employer-portal/samples/valid/employer-view.fitness.json'),
      'utf8',
    ),
  ) as object;
  // one establishment with its whole staff: nobody is verified there, as the contract says
  const [view] = made('employer-portal', 'employer-view', 1);
  const campaign = open['mcp']?.id;
  const batches: [flow: string, object: string, contents: unknown[], partner: string][] = [
    [
      'sumer',
      'questionnaire',
      sheets(
        'sumer',
        [
          ...take(
            SERVICE.everybody.filter(({ stateEmployee }) => !stateEmployee),
            5,
          ),
        ].map((one) => sumerInputOf(SERVICE, one)),
      ),
      'dares',
    ],
    ['mcp', 'fortnight', sheets('mcp', [mcpInputOf(SERVICE, alike(), campaign)]), 'spf'],
    [
      'evrest',
      'sheet',
      sheets(
        'evrest',
        [...take(evrestWorkers(SERVICE), 5)].map((one) => evrestInputOf(SERVICE, one)),
      ),
      'gis-evrest',
    ],
    ['cnam-risks', 'establishments', made('cnam-risks', 'establishments', 5), 'cnam'],
    ['dgt-annual', 'report', made('dgt-annual', 'report', 3), 'dgt'],
    ['employer-portal', 'employer-view', [avis, view], 'portail'],
  ];
  sent = [];
  for (const [flow, object, contents, partner] of batches) {
    for (const json of contents) {
      const { id } = await sender.client.send({
        id: randomUUID(),
        type: `fr.relais-st.${flow}.${object}.v1`,
        datacontenttype: 'application/json',
        recipient: partner,
        data: JSON.stringify(json),
      });
      sent.push({ id, flow, partner });
    }
  }
  const lines = await researchLines();
  const { id } = await sender.client.sendLines({
    id: randomUUID(),
    type: 'fr.relais-st.hdh-feed.dmst-batch.v1',
    data: async function* () {
      yield Buffer.from(lines);
    },
  });
  sent.push({ id, flow: 'hdh-feed', partner: 'hdh' });
  await eventually(async () => sent.every((one) => one.flow === 'mcp' || received(one) !== undefined), 40);
  relais.advance(2 * DAY);
  await eventually(async () => sent.every((one) => received(one) !== undefined), 40);
}, 120_000);
afterAll(async () => {
  await relais.close();
  await collector.close();
});

function received({ id, partner }: { id: string; partner: string }): ReceivedDelivery | undefined {
  return partners.get(partner)?.received.find(({ messageId }) => messageId === id);
}

const kindsIn = (bytes: Uint8Array) => [
  ...new Set(everythingIn(bytes).flatMap((one) => hunt(one, everybody).map(({ kind }) => kind))),
];

describe('what the recipients decrypted', () => {
  it.each(FLOWS)('%s holds nothing of anybody that may not be told', (flow) => {
    const files = sent.filter((one) => one.flow === flow).flatMap((one) => received(one)?.files ?? []);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const bytes = readFileSync(file);
      const found = kindsIn(bytes);
      if (MAY_NAME.includes(flow))
        expect(
          found.filter((kind) => !/name|birth-date/.test(kind)),
          file,
        ).toEqual([]);
      else expect(found, file).toEqual([]);
      expect(kindsIn(Buffer.concat([bytes, Buffer.from(`\n${PLANT}`)]))).toContain('ins');
    }
  });
});

describe('what Relais keeps and says', () => {
  /** Pages, free space and write-ahead log as they are. */
  function databaseFiles(): Buffer {
    const files = readdirSync(relais.demo.home).filter((name) => /^relais\.sqlite(-wal)?$/.test(name));
    expect(files).toContain('relais.sqlite');
    return Buffer.concat(files.map((name) => readFileSync(join(relais.demo.home, name))));
  }

  /** Every text of every table. */
  function databaseTexts(): Buffer {
    const names = rows(relais, `SELECT name FROM sqlite_master WHERE type = 'table'`);
    expect(names.length).toBeGreaterThan(8);
    const cells = names.flatMap(({ name }) =>
      rows(relais, `SELECT * FROM "${String(name)}"`).flatMap((row) =>
        Object.values(row).filter((value) => typeof value === 'string'),
      ),
    );
    return Buffer.from(cells.join('\n'));
  }

  /** Of a text: what stands there as it is, and what stands in base64 or hexadecimal, ciphertext and signatures apart. */
  function findsInText(bytes: Buffer) {
    const readable = bytes
      .toString()
      .replaceAll(/[A-Za-z0-9+/_-]{16,}/g, (run) => (isUtf8(Buffer.from(run, 'base64')) ? run : ' '));
    return [
      ...hunt(bytes, everybody).filter(({ encoded }) => encoded === undefined),
      ...hunt(Buffer.from(readable), everybody),
    ];
  }

  /** What is refused is seen by Relais in clear as well. */
  beforeAll(async () => {
    const post = (flow: string, type: string, body: string) =>
      relais.as('spsti-a')('/v1/messages', {
        headers: {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-id': randomUUID(),
          'ce-source': 'urn:relais:partner:spsti-a',
          'ce-type': `fr.relais-st.${flow}.${type}.v1`,
          'ce-recipient': 'dares',
        },
        body,
      });
    const dossier = JSON.stringify(SERVICE.everybody[0]?.dossier);
    expect((await post('sumer', 'questionnaire', dossier)).status).toBe(422);
    expect((await post('sumer', 'questionnaire', dossier.slice(0, 2_000))).status).toBe(422);
    expect((await post('mcp', PLANT, dossier)).status).toBe(422);
    expect((await relais.as('spsti-a')(`/v1/messages/${PLANT}?senderId=${PLANT}`)).status).toBe(404);
  });

  const places: [string, () => Promise<Buffer>][] = [
    ['its log', async () => Buffer.from(relais.logged())],
    ['its database file', async () => databaseFiles()],
    ['its tables', async () => databaseTexts()],
    ['its journal', async () => (await relais.by('operator')('/v1/journal/export')).bytes],
    [
      'its traces',
      async () => {
        // refusals come last; spans leave every few seconds
        await eventually(
          async () => collector.spans.some(({ attributes }) => attributes['error.type'] === 'flow.unknown'),
          40,
        );
        return collector.bytes();
      },
    ],
    ['its metrics', async () => (await ask(`${relais.healthUrl}/metrics`)).bytes],
    [
      'what it answers of the messages',
      async () => {
        const answers = await Promise.all(
          sent.flatMap(({ id }) =>
            ['', '/trace'].map(
              async (more) => (await relais.as('spsti-a')(`/v1/messages/${id}${more}`)).bytes,
            ),
          ),
        );
        return Buffer.concat(answers);
      },
    ],
  ];

  it.each(places)('%s holds nothing of anybody', async (what, read) => {
    const bytes = await read();
    expect(bytes.length).toBeGreaterThan(500);
    expect(hunt(bytes, unlikely)).toEqual([]);
    if (what !== 'its database file') expect(findsInText(bytes)).toEqual([]);
    const middle = Math.floor(bytes.length / 2);
    const planted = Buffer.concat([
      bytes.subarray(0, middle),
      Buffer.from(` ${PLANT} `),
      bytes.subarray(middle),
    ]);
    expect(hunt(planted, unlikely).map(({ kind }) => kind)).toEqual(['ins']);
  });

  it('a database that wrote a name in clear would be seen through', () => {
    const careless = SERVICE.everybody
      .map(({ dossier }) => dossier.identity)
      .find(({ birthName, firstNames: [first = ''] }) => birthName.length + first.length >= 16);
    const copy = join(relais.demo.home, 'copy.sqlite');
    copyFileSync(join(relais.demo.home, 'relais.sqlite'), copy);
    if (existsSync(join(relais.demo.home, 'relais.sqlite-wal')))
      copyFileSync(join(relais.demo.home, 'relais.sqlite-wal'), `${copy}-wal`);
    const database = new Database(copy);
    database.exec('CREATE TABLE careless (person TEXT)');
    database
      .prepare('INSERT INTO careless VALUES (?)')
      .run(`${careless?.birthName} ${careless?.firstNames[0]}`);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    expect(hunt(readFileSync(copy), unlikely).map(({ kind }) => kind)).toContain('name-joined');
  });
});
