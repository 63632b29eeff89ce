import { describe, expect, it } from 'vitest';
import type { HeldProposal } from '#core';
import { turnOf } from './four-eyes.ts';

const release = { verdict: 'release', evidence: 'CN', by: 'ann' } as const;
const standing: HeldProposal = { ...release, reason: 'vue', at: '2026-11-22T10:00:00.000Z' };

describe('where a release takes two persons', () => {
  it.each([
    ['nothing proposed yet', release, undefined, 'proposes'],
    ['a colleague who saw the same', { ...release, by: 'bob' }, standing, 'confirms'],
    ['a colleague who saw another evidence', { ...release, by: 'bob', evidence: 'PA' }, standing, 'proposes'],
    ['who proposed it, again', release, standing, 'repeats'],
    ['who proposed it, with another evidence', { ...release, evidence: 'PA' }, standing, 'proposes'],
    [
      'a refusal of what a colleague proposed',
      { ...release, verdict: 'refuse', by: 'bob' },
      standing,
      'settles',
    ],
    ['a refusal of what oneself proposed', { ...release, verdict: 'refuse' }, standing, 'settles'],
    ['a refusal alone', { ...release, verdict: 'refuse' }, undefined, 'settles'],
  ] as const)('%s', (_, said, before, turn) => {
    expect(turnOf(said, before, true)).toBe(turn);
  });
});

it('where it takes one, whoever it is settles, whatever was proposed before', () => {
  expect(turnOf(release, undefined, false)).toBe('settles');
  expect(turnOf(release, standing, false)).toBe('settles');
});
