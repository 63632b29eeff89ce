/**
 * Power-cut honesty of the whole broker: between the read of a request and the bytes of its `202` on that socket, the
 * database's log is written and a sync of it has returned. TLS hides the bytes, so the order of system calls is read.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { ask, eventually } from '../builders/relais.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';
import { type BrokerProcess, buildPrograms, startBrokerProcess } from '../faults/broker-process.ts';
import { freePorts } from '../services/free-ports.ts';
import { judgedBy } from './programs.ts';

const VAR = join(import.meta.dirname, '../../var/test');
const SAMPLE = join(
  import.meta.dirname,
  '../../contracts/dmst-portability/samples/valid/request.without-ins.json',
);
const MESSAGES = 12;
/** between one answer and the next request, for the order of the trace */
const QUIET_MS = 50;

type Step = 'read' | 'log' | 'sync' | 'answer';

/** What strace saw of connections to this port and of the log, in order; a sync counts when it has returned 0. */
function stepsIn(trace: string, port: number): Step[] {
  const socket = String.raw`\(\d+<TCP:\[[^\]]*:${port}->[^\]]*\]>`;
  const log = String.raw`\(\d+<[^>]*relais\.sqlite-wal>`;
  const calls: readonly [Step, RegExp][] = [
    ['read', new RegExp(`^(?:read|readv|recvfrom|recvmsg)${socket}`)],
    ['answer', new RegExp(`^(?:write|writev|sendto|sendmsg)${socket}`)],
    ['log', new RegExp(`^pwrite64${log}`)],
    ['sync', new RegExp(`^f(?:data)?sync${log}`)],
  ];
  const steps: Step[] = [];
  /** threads in a call that has not returned */
  const open = new Map<string, Step>();
  for (const line of trace.split('\n')) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const began = calls.find(([, pattern]) => pattern.test(call))?.[0];
    const step = began ?? (call.startsWith('<... ') ? open.get(thread) : undefined);
    if (step === undefined) continue;
    open.delete(thread);
    // an answer counts when it begins, everything else when it has ended well
    if (step === 'answer') steps.push(step);
    else if (call.endsWith('<unfinished ...>')) open.set(thread, step);
    else if (endedWell(step, call)) steps.push(step);
  }
  return steps;
}

function endedWell(step: Step, call: string): boolean {
  const result = Number(/= (-?\d+)[^=]*$/.exec(call)?.[1] ?? -1);
  return step === 'sync' ? result === 0 : result > 0;
}

/** The steps of each exchange: from the first read after an answer to the first byte of the next one. */
function exchangesOf(steps: readonly Step[]): Step[][] {
  const exchanges: Step[][] = [];
  let current: Step[] | undefined;
  for (const step of steps) {
    if (step === 'read' && current === undefined) current = [];
    else if (step === 'answer' && current !== undefined) {
      exchanges.push(current);
      current = undefined;
    } else if (step !== 'answer') current?.push(step);
  }
  return exchanges;
}

/** written after the request came, and then synced */
function isHonest(exchange: readonly Step[]): boolean {
  const written = exchange.indexOf('log');
  return written >= 0 && exchange.indexOf('sync', written) > written;
}

judgedBy(['strace'], 'every 202 of the broker', () => {
  let home: string;
  let broker: BrokerProcess;
  let agent: Agent;
  let trace: string;
  let port = 0;

  beforeAll(async () => {
    buildPrograms();
    mkdirSync(VAR, { recursive: true });
    home = mkdtempSync(join(VAR, 'fsync-202-'));
    const demo = await aDemoHome(home);
    writeAgreements(demo, {});
    const [partners = 0, people = 0, health = 0] = await freePorts(3);
    port = partners;
    trace = join(home, 'trace');
    const settings = {
      RELAIS_HOME: home,
      RELAIS_PARTNERS_PORT: String(partners),
      RELAIS_PEOPLE_PORT: String(people),
      RELAIS_HEALTH_PORT: String(health),
      // nothing else writes meanwhile: what is accepted here is not prepared
      RELAIS_ROLES: 'intake',
      RELAIS_SEAL_INTERVAL_MS: '3600000',
    };
    const calls = 'trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync';
    // -D: the broker is our child, strace watches from aside
    const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-yy', '-s', '0', '-o', trace, '-e', calls];
    broker = await startBrokerProcess(settings, join(home, 'broker.log'), strace);
    const { client } = demo.paths.partner('spsti-b');
    agent = new Agent({
      connections: 1,
      keepAliveTimeout: 60_000,
      connect: {
        cert: readFileSync(client.crt, 'utf8'),
        key: readFileSync(client.key, 'utf8'),
        ca: readFileSync(demo.paths.ca.crt, 'utf8'),
      },
    });
  });
  afterAll(async () => {
    await agent.close();
    await broker.end('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  it('comes after the log was written and a sync of it has returned; other answers need none', async () => {
    const send = (id: string) =>
      ask(
        `https://localhost:${port}/v1/messages`,
        {
          body: readFileSync(SAMPLE),
          headers: {
            'content-type': 'application/json',
            'ce-specversion': '1.0',
            'ce-id': id,
            'ce-source': 'urn:relais:partner:spsti-b',
            'ce-type': 'fr.relais-st.dmst-portability.request.v1',
            'ce-recipient': 'spsti-a',
          },
        },
        agent,
      );
    const statuses: number[] = [];
    // the first goes over a new connection: its handshake is no answer
    statuses.push((await send('first')).status);
    await pause(QUIET_MS);
    for (let n = 0; n < MESSAGES; n++) {
      statuses.push((await send(`message-${n}`)).status);
      await pause(QUIET_MS);
      // the same again: answered from what is there
      if (n % 4 === 0) statuses.push((await send(`message-${n}`)).status);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(MESSAGES + 1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(MESSAGES / 4);

    const exchanges = await eventually(async () => {
      const seen = exchangesOf(stepsIn(readFileSync(trace, 'utf8'), port));
      return seen.length >= statuses.length && seen;
    });
    // from the end: the handshake at the beginning is several exchanges of its own
    const judged = exchanges.slice(-statuses.length).slice(1).map(isHonest);
    const expected = statuses.slice(1).map((status) => status === 202);
    expect(judged).toEqual(expected);
  });
});
