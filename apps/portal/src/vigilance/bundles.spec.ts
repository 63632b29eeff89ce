import { expect, it } from 'vitest';
import { bundlesOf, type Held } from './bundles.ts';

const doubt = (id: string, ...groups: string[]): Held => ({
  id,
  messageId: id,
  reasons: [],
  heldAt: '2026-11-20T09:00:00.000Z',
  details: {},
  alike: groups.map((group) => ({
    kind: group.startsWith('c') ? 'collision' : 'duplicate',
    group,
    differing: group.startsWith('c') ? ['sex'] : [],
  })),
  fourEyes: false,
});
const idsOf = (list: readonly Held[]) =>
  bundlesOf(list).map(({ doubts }) => doubts.map(({ n, held }) => `${n}${held.id}`).join(' '));

it('those that share a likeness stand together, at the place of the oldest, numbered down the page', () => {
  expect(idsOf([doubt('a'), doubt('b', 'c1'), doubt('c'), doubt('d', 'c1')])).toEqual(['1a', '2b 3d', '4c']);
});

it('one that is like two others joins them all', () => {
  const list = [doubt('a', 'c1'), doubt('b', 'd2'), doubt('c'), doubt('d', 'c1', 'd2')];
  expect(idsOf(list)).toEqual(['1a 2b 3d', '4c']);
  expect(bundlesOf(list)[0]?.likenesses).toMatchObject([
    { kind: 'collision', differing: ['sex'], doubts: [{ n: 1 }, { n: 3 }] },
    { kind: 'duplicate', differing: [], doubts: [{ n: 2 }, { n: 3 }] },
  ]);
});

it('nobody alike, or nobody at all, is no bundle of more than one', () => {
  expect(bundlesOf([])).toEqual([]);
  expect(bundlesOf([doubt('a')])).toMatchObject([{ likenesses: [] }]);
});
