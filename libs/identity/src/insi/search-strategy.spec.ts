import { expect, it } from 'vitest';
import type { TraitsCriteria } from './criteria.ts';
import type { OneAnswer } from './read-answer.ts';
import { searchByStrategy } from './search-strategy.ts';

const PERSON: TraitsCriteria = { birthName: 'X', firstNames: ['A', 'B'], sex: 'F', birthDate: '1990-01-01' };
const FOUND: OneAnswer = { outcome: 'found' };

/** Plays a search: `answers` by what is asked, e.g. `A`, `A+B`, `A+B@63220`; anything else finds nobody. */
async function play(
  person: Partial<TraitsCriteria>,
  answers: Record<string, OneAnswer['outcome']>,
): Promise<[asked: string, outcome: string]> {
  const asked: string[] = [];
  const answer = await searchByStrategy({ ...PERSON, ...person }, async ({ firstNames, birthPlace }) => {
    const question = firstNames.join('+') + (birthPlace === undefined ? '' : `@${birthPlace}`);
    asked.push(question);
    return { outcome: answers[question] ?? 'none' };
  });
  expect(answer.calls).toBe(asked.length);
  return [asked.join(' '), answer.outcome];
}

const at = { birthPlace: '63220' };

it('asks each name, then all together, and no place when nobody was met', async () => {
  expect(await play(at, {})).toEqual(['A B A+B', 'none']);
  expect(await play({ ...at, firstNames: ['A'] }, {})).toEqual(['A', 'none']);
});

it('stops at the first identity', async () => {
  expect(await play(at, { A: 'found' })).toEqual(['A', 'found']);
  expect(await play(at, { B: 'found' })).toEqual(['A B', 'found']);
  expect(await play(at, { 'A+B': 'found' })).toEqual(['A B A+B', 'found']);
});

it('narrows as soon as several are met, instead of trying another name alone', async () => {
  expect(await play(at, { A: 'several', B: 'found' })).toEqual(['A A+B A@63220', 'several']);
  expect(await play(at, { A: 'several', 'A+B': 'found' })).toEqual(['A A+B', 'found']);
  expect(await play(at, { A: 'several', 'A+B': 'several', 'A+B@63220': 'found' })).toEqual([
    'A A+B A+B@63220',
    'found',
  ]);
  expect(await play(at, { A: 'several', 'A@63220': 'found' })).toEqual(['A A+B A@63220', 'found']);
});

it('leaves several as several without a place that narrows', async () => {
  expect(await play({}, { A: 'several' })).toEqual(['A A+B', 'several']);
  expect(await play({ birthPlace: '99999' }, { A: 'several' })).toEqual(['A A+B', 'several']);
});

it('asks a name that is given twice only once', async () => {
  expect(await play({ firstNames: ['A', 'A'] }, {})).toEqual(['A A+A', 'none']);
});

it('lets an error through at once', async () => {
  let calls = 0;
  const failing = searchByStrategy(PERSON, async () => {
    calls += 1;
    if (calls === 2) throw new Error('down');
    return { outcome: 'none' };
  });
  await expect(failing).rejects.toThrow('down');
  expect(calls).toBe(2);
  expect((await searchByStrategy(PERSON, async () => FOUND)).calls).toBe(1);
});
