/**
 * `relais bench`: portability responses (a vendor's PDF) end to end, all guarantees on, beside bare Fastify and a bare
 * commit loop in the same run. Ratios are what to read; the machine drifts.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import { v7 } from 'uuid';
import { type Exchange, write } from '#core';
import { openStore } from '#storage';
import { startBrokerProcess } from '../demo/broker-process.ts';
import { type DemoHome, openDemoHome, writeAgreements } from '../demo/demo-home.ts';
import { freePort } from '../demo/free-port.ts';
import { startDemoPeople } from '../demo/people.ts';
import { startInsi } from '../demo/simulators.ts';
import { table } from '../demo/table.ts';
import { cpuOf } from './cpu.ts';
import { closedLoop, type Load } from './load.ts';
import { startSink } from './sink.ts';

const BASELINE = join(import.meta.dirname, 'baseline.js');
const SIZES = [1_000, 20_000, 50_000];
const CALLERS = 8;

interface Measured extends Load {
  cpuMs: number;
}

export interface BenchOptions {
  /** 3 s a measure instead of 15 */
  quick: boolean;
  print?: (text: string) => void;
}

export async function runBench(options: BenchOptions): Promise<number> {
  const print = options.print ?? ((text: string) => void process.stdout.write(`${text}\n`));
  const measureMs = options.quick ? 3_000 : 15_000;
  const home = mkdtempSync(join(tmpdir(), 'relais-bench-'));
  try {
    const demo = await openDemoHome(home);
    const rows: string[][] = [];
    for (const size of SIZES) {
      const commits = await bareCommits(join(home, 'bare.sqlite'), size, measureMs);
      const bare = await bareFastify(demo, size, measureMs);
      const relais = await relaisEndToEnd(demo, size, measureMs);
      rows.push(row(size, relais, bare, commits));
    }
    print(table(HEADINGS, rows));
    print(
      `\n${CALLERS} appelants en boucle fermée ; un message finit quand il est répondu ET reçu par son destinataire.`,
    );
    print(
      'Fastify nu : même TLS, 202 sans rien garder. Commits nus : mêmes octets, un commit synchrone chacun, sans réseau.',
    );
    return 0;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const HEADINGS = [
  'taille',
  'Relais msg/s',
  'p50 ms',
  'p99 ms',
  'CPU ms/msg',
  'Fastify nu msg/s',
  'p99 ms',
  'CPU ms/msg',
  'commits nus/s',
  'Relais ÷ Fastify',
  'Relais ÷ commits',
];

function row(size: number, relais: Measured, bare: Measured, commits: { perSecond: number }): string[] {
  const rate = relais.messages / relais.seconds;
  const bareRate = bare.messages / bare.seconds;
  return [
    `${size / 1000} ko`,
    rate.toFixed(0),
    relais.p50.toFixed(1),
    relais.p99.toFixed(1),
    relais.cpuMs.toFixed(2),
    bareRate.toFixed(0),
    bare.p99.toFixed(1),
    bare.cpuMs.toFixed(2),
    commits.perSecond.toFixed(0),
    (rate / bareRate).toFixed(2),
    (rate / commits.perSecond).toFixed(2),
  ];
}

async function relaisEndToEnd(demo: DemoHome, size: number, measureMs: number): Promise<Measured> {
  const read = (path: string) => readFileSync(path, 'utf8');
  const { paths, home } = demo;
  const ca = read(paths.ca.crt);
  const b = paths.partner('spsti-b').server;
  const a = paths.partner('spsti-a').client;
  const sink = await startSink({ cert: read(b.crt), key: read(b.key), ca });
  const insi = await startInsi(demo);
  const people = await startDemoPeople({ home, port: 0, clientSecret: demo.clientSecret, peoplePort: 1 });
  writeAgreements(demo, { ...people, pushEndpoint: sink.url });
  const exchanges = await openExchanges(
    join(home, 'relais.sqlite'),
    Math.ceil((measureMs / 1000) * 1_200) + 4_000,
  );
  const ports = { partners: await freePort(), people: await freePort(), health: await freePort() };
  const broker = await startBrokerProcess(
    {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(ports.partners),
      RELAIS_PEOPLE_PORT: String(ports.people),
      RELAIS_HEALTH_PORT: String(ports.health),
      RELAIS_INSI_URL: insi.url,
      RELAIS_OIDC_ISSUER: people.psc.issuer,
      RELAIS_OIDC_CLIENT_SECRET: demo.clientSecret,
      RELAIS_RATE_PER_MINUTE: '1000000',
      RELAIS_LOG_LEVEL: 'error',
    },
    ports.health,
    join(home, 'broker.log'),
  );
  try {
    const pdf = await vendorPdf(size);
    let cpu = 0;
    setTimeout(() => {
      cpu = cpuOf(broker.pid);
    }, 1_000);
    const load = await closedLoop({
      url: `https://localhost:${ports.partners}/v1/messages`,
      tls: { cert: read(a.crt), key: read(a.key), ca },
      callers: CALLERS,
      warmUpMs: 1_000,
      measureMs,
      next: () => {
        const exchange = exchanges.pop();
        return exchange === undefined ? undefined : { headers: headersOf(exchange), body: pdf };
      },
      ended: (answer) => sink.received((JSON.parse(answer.toString()) as { id: string }).id),
    });
    return { ...load, cpuMs: (cpuOf(broker.pid) - cpu) / load.messages };
  } finally {
    await broker.stop();
    sink.close();
    await insi.close();
    await people.psc.close();
  }
}

function headersOf(exchange: Exchange): Record<string, string> {
  return {
    'content-type': 'application/pdf',
    'ce-specversion': '1.0',
    'ce-id': v7(),
    'ce-source': 'urn:relais:partner:spsti-a',
    'ce-type': 'fr.relais-st.dmst-portability.response.v1',
    'ce-recipient': 'spsti-b',
    'ce-correlationid': exchange.id,
    'ce-subjectref': exchange.subjectRef,
    'ce-lastvisit': '2026-05-11',
  };
}

/** A response answers an exchange: they are opened ahead, out of the measure. */
async function openExchanges(file: string, count: number): Promise<Exchange[]> {
  const store = await openStore({ file });
  const now = new Date();
  const later = new Date(now.getTime() + 30 * 86_400_000).toISOString();
  const exchanges = Array.from({ length: count }, (): Exchange => {
    const id = v7();
    return {
      id,
      flow: 'dmst-portability',
      requestId: id,
      requester: 'spsti-b',
      responder: 'spsti-a',
      subjectRef: v7(),
      state: 'DELIVERED',
      openedAt: now.toISOString(),
      acknowledgeBy: later,
      deadline: later,
      reminderAt: later,
      reminded: false,
      expiresAt: later,
      overdue: false,
      updatedAt: now.toISOString(),
    };
  });
  for (let at = 0; at < count; at += 500) {
    await store.unitOfWork.commit(
      exchanges.slice(at, at + 500).map((exchange) => write('exchange.insert', { exchange })),
    );
  }
  await store.close();
  return exchanges;
}

/** One page of text, then padded inside a stream to the wanted size. */
async function vendorPdf(size: number): Promise<Uint8Array> {
  const doc = new PDFDocument({ compress: false, size: 'A4' });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise((resolve) => doc.on('end', resolve));
  doc.fontSize(9).text('Synthèse fictive');
  for (let written = 1_400; written < size; written += 100) {
    doc.addContent(`% ${'x'.repeat(96)}`);
  }
  doc.end();
  await done;
  return Buffer.concat(chunks);
}

async function bareFastify({ paths }: DemoHome, size: number, measureMs: number): Promise<Measured> {
  const { server } = paths.broker;
  const child = fork(BASELINE, ['fastify', server.crt, server.key, paths.ca.crt], { stdio: 'inherit' });
  const { port } = (await new Promise((resolve) => child.once('message', resolve))) as { port: number };
  const client = paths.partner('spsti-a').client;
  const body = Buffer.alloc(size, 7);
  let cpu = 0;
  setTimeout(() => {
    cpu = cpuOf(child.pid ?? 0);
  }, 1_000);
  const load = await closedLoop({
    url: `https://localhost:${port}/v1/messages`,
    tls: {
      cert: readFileSync(client.crt, 'utf8'),
      key: readFileSync(client.key, 'utf8'),
      ca: readFileSync(paths.ca.crt, 'utf8'),
    },
    callers: CALLERS,
    warmUpMs: 1_000,
    measureMs,
    next: () => ({ headers: { 'content-type': 'application/pdf' }, body }),
    ended: () => Promise.resolve(),
  });
  const cpuMs = (cpuOf(child.pid ?? 0) - cpu) / load.messages;
  child.kill();
  return { ...load, cpuMs };
}

function bareCommits(
  file: string,
  size: number,
  milliseconds: number,
): Promise<{ perSecond: number; cpuMs: number }> {
  const child = fork(BASELINE, ['commit', file, String(size), String(milliseconds)], {
    stdio: 'inherit',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return new Promise((resolve) =>
    child.once('message', (answer) => resolve(answer as { perSecond: number; cpuMs: number })),
  );
}
