import { describe, expect, it } from 'vitest';
import type { Person, Role } from '#core';
import { SESSION_LIMITS, Sessions } from './sessions.ts';

let ms = 0;
const aTable = () => new Sessions({ now: () => new Date(ms++) });
const of = (pseudonym: string, role: Role) => {
  const person: Person = { pseudonym, role, partner: 'spsti-a', name: 'ADRUN ZOE' };
  return { persons: [person], person, issuerId: role };
};

describe('sessions in memory', () => {
  it.each(['worker', 'employer'] as const)(
    'of a doctor stand, however many of %ss come',
    (role) => {
      const sessions = aTable();
      const doctor = sessions.open(of('doctor', 'physician'));
      for (let n = 0; n <= SESSION_LIMITS.count; n += 1) sessions.open(of(`${role}-${n % 2_000}`, role));
      expect(sessions.get(doctor)?.person?.pseudonym).toBe('doctor');
    },
    60_000,
  );

  it.each(['worker', 'physician'] as const)('of one person (%s) are few: the oldest gives way', (role) => {
    const sessions = aTable();
    const other = sessions.open(of('other', role));
    const all = Array.from({ length: SESSION_LIMITS.perPerson + 2 }, () => sessions.open(of('same', role)));
    const open = all.map((id) => sessions.get(id) !== undefined);
    expect(open).toEqual([false, false, ...Array<boolean>(SESSION_LIMITS.perPerson).fill(true)]);
    expect(sessions.get(other)?.person?.pseudonym).toBe('other');
  });

  it('end when they are closed, whosever they are', () => {
    const sessions = aTable();
    for (const role of ['physician', 'employer'] as const) {
      const id = sessions.open(of('p', role));
      sessions.close(id);
      expect(sessions.get(id)).toBeUndefined();
    }
  });
});
