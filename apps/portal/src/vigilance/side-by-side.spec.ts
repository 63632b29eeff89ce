import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Difference, Named } from '../ui/identity.tsx';
import { SideBySide } from './side-by-side.tsx';

const named = (...firstNames: string[]): Named => ({
  traits: { birthName: 'CORSE', firstNames, sex: 'M', birthDate: '1980-03-02' },
});
/** what the row of the given names says: sent, found, comparison; what is marked is between asterisks */
const givenNames = (sent: Named, found: Named, differences: readonly Difference[] = []): string[] => {
  const markup = renderToStaticMarkup(
    createElement(SideBySide, { sent, found, foundBy: 'INSi', differences }),
  );
  const [, row = ''] = /Prénoms de naissance<\/th>(.*?)<\/tr>/.exec(markup) ?? [];
  return [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) =>
    cell.replace(/<\/?mark>/g, '*').replace(/<.*?>/g, ''),
  );
};
const differing = (trait: Difference['trait'], sent: string, found: string): Difference => ({
  trait,
  sent,
  found,
  letters: [
    { in: 'sent', text: sent },
    { in: 'found', text: found },
  ],
});

it('a given name sent alone that differs is said to, and stands in the whole list', () => {
  const first = differing('firstName', 'ANTHONY', 'LOUIS');
  expect(givenNames(named('ANTHONY'), named('LOUIS'), [first])).toEqual([
    '*ANTHONY*',
    '*LOUIS*',
    'différent',
  ]);
  expect(givenNames(named('ANTHONY'), named('LOUIS', 'MARIE'), [first])[1]).toBe('*LOUIS* MARIE');
});

it('of several that differ the whole list is drawn', () => {
  const both = [differing('firstName', 'ANTHONY', 'LOUIS'), differing('firstNames', 'ANTHONY LEO', 'LOUIS')];
  expect(givenNames(named('ANTHONY', 'LEO'), named('LOUIS'), both)).toEqual([
    '*ANTHONY LEO*',
    '*LOUIS*',
    'différent',
  ]);
});

it('given names are identical only when the lists are, however they are written', () => {
  expect(givenNames(named('ANTHONY'), named('ANTHONY', 'LOUIS'))[2]).toBe('le premier concorde');
  expect(givenNames(named('ANTHONY', 'LEO'), named('ANTHONY', 'LEO', 'MAX'))[2]).toBe(
    'les premiers concordent',
  );
  expect(givenNames(named('Léo-Paul'), named('LEO', 'PAUL'))[2]).toBe('identique');
});
