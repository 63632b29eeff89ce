/**
 * One server of a kind for a whole run of the tests: the first suite that needs it starts it, in a process that outlives
 * the suite; test/services/teardown.ts ends it with the run.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const FOLDER = join(import.meta.dirname, '../../var/services');
const LONGEST_MS = 90_000;

export interface Shared {
  url: string;
  /** process group to end */
  pid: number;
  /** removed when it has ended */
  folder: string;
}

/** The url of the server; whoever comes first starts it, the others wait for that. */
export async function sharedServer(name: string, start: () => Promise<Shared>): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.json`);
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await pause(100)) {
    const known = read(file);
    if (known !== undefined && isAlive(known.pid)) return known.url;
    try {
      mkdirSync(join(FOLDER, `${name}.lock`));
    } catch {
      continue;
    }
    try {
      const again = read(file);
      if (again !== undefined && isAlive(again.pid)) return again.url;
      const shared = await start();
      writeFileSync(file, JSON.stringify(shared));
      return shared.url;
    } finally {
      rmSync(join(FOLDER, `${name}.lock`), { recursive: true });
    }
  }
  throw new Error(`${name} did not start`);
}

/** Ends every server that this run started. */
export async function endSharedServers(): Promise<void> {
  let names: string[] = [];
  try {
    names = readdirSync(FOLDER);
  } catch {
    return;
  }
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const shared = read(join(FOLDER, name));
    if (shared === undefined) continue;
    if (isAlive(shared.pid)) process.kill(shared.pid, 'SIGINT');
    for (let i = 0; i < 100 && isAlive(shared.pid); i++) await pause(50);
    if (isAlive(shared.pid)) process.kill(shared.pid, 'SIGKILL');
    rmSync(shared.folder, { recursive: true, force: true });
  }
  rmSync(FOLDER, { recursive: true, force: true });
}

function read(file: string): Shared | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Shared;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
