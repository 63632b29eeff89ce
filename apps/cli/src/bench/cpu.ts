/** CPU of a process and of those it started, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ of every Linux that Node runs on */
const TICK_MS = 10;

/** Milliseconds of user and system time, children alive or waited for included. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  if (fields === undefined) return 0;
  const own = [13, 14, 15, 16].reduce((sum, field) => sum + Number(fields[field]), 0) * TICK_MS;
  return childrenOf(pid).reduce((sum, child) => sum + cpuOf(child), own);
}

function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name may hold spaces: fields are counted after its closing bracket
    return ['', '', ...text.slice(text.lastIndexOf(')') + 2).split(' ')];
  } catch {
    return undefined;
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
