import { expect, it } from 'vitest';
import type { Ins, Traits } from '#core';
import { alikeAmong, type Waiting } from './held-alike.ts';

const zoe: Traits = { birthName: 'ADRUN', firstNames: ['ZOE'], sex: 'F', birthDate: '1975-12-31' };
const matricule = (value: string): Ins => ({ value, key: '74', oid: '1.2.250.1.213.1.4.8' });
const one = matricule('2751263220749');
const two = matricule('2600588154002');
const sent = (id: string, traits: Partial<Traits> = {}, ins?: Ins): Waiting => ({
  id,
  sent: { traits: { ...zoe, ...traits }, ...(ins && { ins }) },
});

it('two persons under one matricule are a collision, with the traits that differ', () => {
  const corsica = { birthName: 'CORSE', birthDate: '1960-05-12' };
  expect(alikeAmong([sent('a', {}, one), sent('b', corsica, one), sent('c', {}, two)])).toEqual([
    { kind: 'collision', ids: ['a', 'b'], differing: ['birthName', 'birthDate'] },
    { kind: 'duplicate', ids: ['a', 'c'], differing: [] },
  ]);
});

it.each([
  ['two matricules', one, two],
  ['a matricule on one side only', one, undefined],
])('one person under %s is a duplicate', (_, first, second) => {
  expect(alikeAmong([sent('a', {}, first), sent('b', {}, second)])).toEqual([
    { kind: 'duplicate', ids: ['a', 'b'], differing: [] },
  ]);
});

it('writing, case, accents and hyphens count for nothing', () => {
  const written = { birthName: 'Adrun', firstNames: ['Zoé-Marie'] };
  const again = { firstNames: ['ZOE', 'MARIE'] };
  expect(alikeAmong([sent('a', written, one), sent('b', again, one)])).toEqual([]);
  expect(alikeAmong([sent('a', written, one), sent('b', again, two)])).toMatchObject([
    { kind: 'duplicate', ids: ['a', 'b'] },
  ]);
});

it('the same in every way is one request to several services, and no likeness', () => {
  expect(alikeAmong([sent('a', {}, one), sent('b', {}, one)])).toEqual([]);
  expect(alikeAmong([sent('a'), sent('b')])).toEqual([]);
});

it('nobody is like nobody', () => {
  expect(alikeAmong([])).toEqual([]);
  expect(alikeAmong([sent('a', {}, one), sent('b', { birthName: 'CORSE' }, two)])).toEqual([]);
});
