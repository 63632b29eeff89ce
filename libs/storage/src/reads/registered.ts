import type { DataSource } from 'typeorm';
import type { RegisteredEntry, RegisterLook } from '#core';

/** A page of a service's register, newest first. Written out so that an index gives it in that order, with a worker or without. */
export function registeredOf(source: DataSource): (look: RegisterLook) => Promise<RegisteredEntry[]> {
  return async ({ partner, register, from, to, worker, limit, afterId = '' }) => {
    const [after] =
      afterId === ''
        ? []
        : await source.sql<{ at: string }[]>`SELECT at FROM register_line
            WHERE entry = ${afterId} AND partner = ${partner}`;
    // a line that is not of this register is no place in it
    if (afterId !== '' && after === undefined) return [];
    const before = after?.at ?? to;
    const beforeId = after === undefined ? '' : afterId;
    const rows =
      worker === undefined
        ? await source.sql<(RegisteredEntry & { worker: string | null })[]>`
            SELECT e.id, e.at, e.body, e.hash, l.worker FROM register_line AS l
              JOIN journal_entry AS e ON e.id = l.entry
            WHERE l.partner = ${partner} AND l.register = ${register} AND l.at >= ${from} AND l.at < ${to}
              AND (l.at, l.entry) < (${before}, ${beforeId})
            ORDER BY l.at DESC, l.entry DESC LIMIT ${limit}`
        : await source.sql<(RegisteredEntry & { worker: string | null })[]>`
            SELECT e.id, e.at, e.body, e.hash, l.worker FROM register_line AS l
              JOIN journal_entry AS e ON e.id = l.entry
            WHERE l.partner = ${partner} AND l.worker = ${worker} AND l.register = ${register}
              AND l.at >= ${from} AND l.at < ${to}
              AND (l.at, l.entry) < (${before}, ${beforeId})
            ORDER BY l.at DESC, l.entry DESC LIMIT ${limit}`;
    return rows.map(({ worker: about, ...entry }) => (about === null ? entry : { ...entry, worker: about }));
  };
}
