import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Traits } from '#core';
import { PseudonymKey } from '#protection';
import { KeyedSubjects } from './own-subjects.ts';

const home = mkdtempSync(join(tmpdir(), 'subjects-'));
afterAll(() => rmSync(home, { recursive: true }));
const clock = { now: () => new Date('2026-11-22T00:00:00Z') };
const subjects = new KeyedSubjects(new PseudonymKey(join(home, 'key')), clock);
const paul: Traits = {
  ...{ birthName: 'CORSE', firstNames: ['JEAN-PAUL'], sex: 'M', birthDate: '1980-03-02' },
  birthPlace: '2A004',
};
const of = (change: Partial<Traits>) => subjects.of('portail', { traits: { ...paul, ...change } });

describe('whose a copy is', () => {
  it('is not the same for twins, nor for a homonym born elsewhere', () => {
    const all = [{}, { firstNames: ['JEAN-PIERRE'] }, { firstNames: ['JEAN'] }, { birthPlace: '63220' }].map(
      of,
    );
    expect(all.every((one) => /^[0-9a-f]{64}$/.test(one ?? ''))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same however the traits are written, and another at another portal', () => {
    expect(of({ firstNames: ['Jean-Paul'], birthName: 'Corse' })).toBe(of({}));
    expect(subjects.of('other', { traits: paul })).not.toBe(of({}));
  });

  it('is nobody’s where a trait is missing', () => {
    const { birthPlace: _, ...placeless } = paul;
    expect(subjects.of('portail', { traits: placeless })).toBeUndefined();
  });
});
