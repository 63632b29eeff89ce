/** The bare app of the folder baseline/, as a process of its own over a RabbitMQ. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactDecrypt, importPKCS8 } from 'jose';
import { flows } from '#contracts';
import type { BaselineSettings } from './baseline/settings.ts';
import { COMPANY_FILE } from './company-file.ts';
import type { Contender } from './contender.ts';
import type { Course } from './course.ts';
import { cpuOf, cpuOfServer } from './cpu.ts';

const PROGRAM = join(import.meta.dirname, 'baseline/main.js');

export interface Queue {
  url: string;
  /** absent = not one of ours: found by its name */
  pid?: number;
}

export async function startBaseline(course: Course, queue: Queue): Promise<Contender> {
  const { contract, schemas } = flows.find((one) => one.contract.flow === COMPANY_FILE.flow) ?? {};
  const schema = schemas?.[COMPANY_FILE.schema];
  if (contract === undefined || schema === undefined) throw new Error('contrat introuvable');
  const settings: BaselineSettings = {
    ca: course.ca,
    server: course.server,
    client: course.pusher,
    recipient: course.recipient.cert,
    schema: schema,
    amqpUrl: queue.url,
    sink: course.sink.url,
  };
  const file = join(course.demo.home, 'baseline.json');
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  const child = fork(PROGRAM, [file], { stdio: 'inherit', execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const pid = child.pid ?? 0;
  const key = await importPKCS8(course.recipient.key, 'RSA-OAEP-256');
  return {
    name: 'application nue',
    url: `https://localhost:${port}/v1/messages`,
    pids: [pid],
    cpu: () => ({ service: cpuOf(pid), RabbitMQ: cpuOfQueue(queue) }),
    open: async ({ body }) => Buffer.from((await compactDecrypt(body.toString('latin1'), key)).plaintext),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export function cpuOfQueue({ pid, url }: Queue): number {
  return pid === undefined ? cpuOfServer('beam.smp', url) : cpuOf(pid);
}
