/** Where contenders run: test keys, one sender, one recipient whose receiver really takes what is pushed to it. */
import { readFileSync } from 'node:fs';
import { type DemoHome, openDemoHome, writeAgreements } from '../demo/demo-home.ts';
import { COMPANY_FILE } from './company-file.ts';
import { type Sink, startSink } from './sink.ts';

export interface Pair {
  cert: string;
  key: string;
}

export interface Course {
  demo: DemoHome;
  sink: Sink;
  ca: string;
  /** of the sender */
  client: Pair;
  /** of the service, and what it shows when it pushes */
  server: Pair;
  pusher: Pair;
  /** of the recipient: its certificate and the key that opens */
  recipient: Pair;
}

export async function openCourse(home: string): Promise<Course> {
  const { sender, recipient } = COMPANY_FILE;
  const demo = await openDemoHome(home, { partners: [sender, recipient] });
  const { paths } = demo;
  const read = (path: string) => readFileSync(path, 'utf8');
  const pair = ({ crt, key }: { crt: string; key: string }): Pair => ({ cert: read(crt), key: read(key) });
  const ca = read(paths.ca.crt);
  const sink = await startSink({ ...pair(paths.partner(recipient).server), ca });
  writeAgreements(demo, { endpoints: { [recipient]: sink.url } });
  return {
    demo,
    sink,
    ca,
    client: pair(paths.partner(sender).client),
    server: pair(paths.broker.server),
    pusher: pair(paths.broker.client),
    recipient: pair(paths.partner(recipient).enc),
  };
}
