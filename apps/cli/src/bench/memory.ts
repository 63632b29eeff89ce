/** Resident memory of a process, from /proc (Linux). */
import { readFileSync } from 'node:fs';

/** Bytes; undefined once it is gone. */
export function memoryOf(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

export interface MemoryWatch {
  /** bytes, in the order in which they were seen */
  samples: readonly number[];
  /** of samples so far */
  peak(): number;
  stop(): void;
}

export function watchMemory(pid: number, everyMs = 100): MemoryWatch {
  const samples: number[] = [];
  const look = () => {
    const bytes = memoryOf(pid);
    if (bytes !== undefined) samples.push(bytes);
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    samples,
    peak: () => samples.reduce((most, bytes) => Math.max(most, bytes), 0),
    stop: () => clearInterval(timer),
  };
}
