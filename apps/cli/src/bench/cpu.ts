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

/** Processes of that name, wherever they came from: a database or a queue server that was there before. */
export function pidsOf(name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && nameOf(entry) === name)
    .map(Number);
}

function nameOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Sum of these fields of a stat file, 0 once its process is gone. */
function ticks(file: string, fields: readonly number[]): number {
  try {
    const text = readFileSync(file, 'utf8');
    // the name may hold spaces: fields are counted after its closing bracket
    const values = ['', '', ...text.slice(text.lastIndexOf(')') + 2).split(' ')];
    return fields.reduce((sum, field) => sum + Number(values[field]), 0);
  } catch {
    return 0;
  }
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
