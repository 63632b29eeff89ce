import { expect, it } from 'vitest';
import { createWorld, take } from '../world.ts';
import { EXPOSURES } from './exposure-catalog.ts';
import { FAMILY_NAMES, firstNamesOf, PROFESSIONAL_NAMES } from './names.ts';
import { COMMUNES, STREETS } from './places.ts';
import { SECTORS } from './sectors.ts';

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toUpperCase();
const words = (texts: readonly string[]) => new Set(texts.flatMap((text) => folded(text).split(/[^A-Z]+/)));

it('no name of a person is a word that a job, a risk, a company or a place is called by', () => {
  const companies = [...take(createWorld({ seed: 1 }).establishments(), 500)].map(({ name }) => name);
  const called = words([
    ...companies,
    ...COMMUNES,
    ...STREETS,
    ...Object.values(EXPOSURES).map(({ label }) => label),
    ...SECTORS.flatMap(({ nafLabel, jobs }) => [
      nafLabel,
      ...jobs.flatMap((job) => [job.title.F, job.title.M, job.pcsLabel, job.workUnit, job.schedule]),
    ]),
  ]);
  const firstNames = [1960, 1980, 1990, 2005].flatMap((year) => [
    ...firstNamesOf('M', year),
    ...firstNamesOf('F', year),
  ]);
  expect([...FAMILY_NAMES, ...firstNames].filter((name) => called.has(folded(name)))).toEqual([]);
});

it('nobody followed bears the name of somebody who works in a service', () => {
  expect(PROFESSIONAL_NAMES.filter((name) => FAMILY_NAMES.includes(name))).toEqual([]);
});
