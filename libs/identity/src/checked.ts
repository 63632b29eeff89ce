import type { Finding } from '#core';

/** Either the value, or everything that is wrong with what was given. */
export type Checked<T> = { ok: true; value: T } | { ok: false; findings: readonly Finding[] };

export function accepted<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refused(...findings: readonly Finding[]): { ok: false; findings: readonly Finding[] } {
  return { ok: false, findings };
}
