/** Where contenders run: test keys, one sender, one recipient whose receiver really takes what is pushed to it. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { clientIdentity } from '#protection';
import { type DemoHome, openDemoHome, writeAgreements } from '../demo/demo-home.ts';
import type { DemoPartner } from '../pki/demo-partners.ts';
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

/** @param more recipients of the same kind, and where they would take a push */
export async function openCourse(
  home: string,
  more: readonly (DemoPartner & { endpoint: string })[] = [],
): Promise<Course> {
  const { sender, recipient } = COMPANY_FILE;
  const demo = await openDemoHome(home, { partners: [sender, recipient, ...more] });
  const { paths } = demo;
  const read = (path: string) => readFileSync(path, 'utf8');
  const pair = ({ crt, key }: { crt: string; key: string }): Pair => ({ cert: read(crt), key: read(key) });
  const ca = read(paths.ca.crt);
  const sink = await startSink({ ...pair(paths.partner(recipient).server), ca });
  writeAgreements(demo, { endpoints: { [recipient]: sink.url } });
  for (const one of more) addLike(demo, recipient, one);
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

/** One more agreement, with what the other has but its name and keys. */
function addLike(
  { home, paths }: DemoHome,
  other: string,
  { id, name, endpoint }: DemoPartner & { endpoint: string },
) {
  const file = join(home, 'partners.json');
  const { partners } = JSON.parse(readFileSync(file, 'utf8')) as { partners: { id: string }[] };
  const at = paths.partner(id);
  const added = {
    ...partners.find((one) => one.id === other),
    id,
    name,
    endpoint,
    client: clientIdentity(new X509Certificate(readFileSync(at.client.crt))),
    keys: { enc: [{ file: relative(home, at.enc.crt) }] },
  };
  writeFileSync(file, JSON.stringify({ partners: [...partners, added] }), { mode: 0o600 });
}
