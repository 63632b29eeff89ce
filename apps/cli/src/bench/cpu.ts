/** CPU of processes and of their threads, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ of every Linux that Node runs on */
const TICK_MS = 10;

/** Milliseconds of user and system time, children alive or waited for included. */
export function cpuOf(pid: number): number {
  const own = ticks(`/proc/${pid}/stat`, [13, 14, 15, 16]) * TICK_MS;
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), own);
}

/** Milliseconds of a Node process by what spends them: its event loop, its other threads by name. */
export function cpuByThread(pid: number): { loop: number; others: number } {
  const loop = ticks(`/proc/${pid}/task/${pid}/stat`, [13, 14]) * TICK_MS;
  return { loop, others: ticks(`/proc/${pid}/stat`, [13, 14]) * TICK_MS - loop };
}

/** The same of a server that was there before: of that name, the one whose command line tells its port, or the only one. */
export function cpuOfServer(name: string, url: string): number {
  const { port } = new URL(url);
  const all = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && textOf(`/proc/${pid}/comm`).trim() === name,
  );
  const told = all.find((pid) => textOf(`/proc/${pid}/cmdline`).includes(port));
  const pid = told ?? (all.length === 1 ? all[0] : undefined);
  return pid === undefined ? 0 : cpuOf(Number(pid));
}

/** '' once its process is gone */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Sum of these fields of a stat file. */
function ticks(file: string, fields: readonly number[]): number {
  const text = textOf(file);
  // the name may hold spaces: fields are counted after its closing bracket
  const values = text === '' ? [] : ['', '', ...text.slice(text.lastIndexOf(')') + 2).split(' ')];
  return fields.reduce((sum, field) => sum + Number(values[field] ?? 0), 0);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
