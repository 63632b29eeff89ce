import type { ErrorCode, Finding } from '../errors.ts';

/** The same finding at each place where something is absent. */
export function missingAt(pointers: readonly string[], code: ErrorCode, detail: string): Finding[] {
  return pointers.map((pointer) => ({ pointer, code, detail }));
}
