import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Api } from '../api/schemas.ts';
import type { Difference } from '../ui/identity.tsx';
import { Candidates } from './candidates.tsx';

type Candidate = Api['Candidate'];
type Request = NonNullable<Api['IncomingRequest']['request']>;

const named = (...firstNames: string[]) => ({
  traits: { birthName: 'ADRUN', firstNames, sex: 'F' as const, birthDate: '1975-12-31' },
});
/** what the cell of the file's given names says; what is marked is between asterisks */
function givenNames(asked: string[], found: string[], compared: Pick<Candidate, 'compared' | 'differences'>) {
  const candidate: Candidate = {
    ...{ id: 'c', depositedAt: '2026-11-20T09:00:00.000Z', depositedBy: 'you', needsConfirmation: true },
    named: named(...found),
    ...compared,
  };
  const request = { worker: named(...asked), identityStatus: 'PROV' } as Request;
  const markup = renderToStaticMarkup(createElement(Candidates, { request, proposed: [candidate] }));
  const [, row = ''] = /Prénoms de naissance<\/th>(.*?)<\/tr>/.exec(markup) ?? [];
  return row
    .slice(row.lastIndexOf('<td>'))
    .replace(/<\/?mark>/g, '*')
    .replace(/<p.*?>/g, ' / ')
    .replace(/<.*?>/g, '');
}
const differing = (trait: Difference['trait'], sent: string, found: string): Difference => ({
  trait,
  sent,
  found,
  letters: [
    { in: 'sent', text: sent },
    { in: 'found', text: found },
  ],
});
const FIRST = differing('firstName', 'ZOE', 'LEA');

it('of given names that differ the whole list is drawn', () => {
  const differences = [FIRST, differing('firstNames', 'ZOE ANNE', 'LEA MARIE')];
  expect(givenNames(['ZOE', 'ANNE'], ['LEA', 'MARIE'], { differences })).toBe('*LEA MARIE* / différent');
  expect(givenNames(['ZOE'], ['LEA', 'MARIE'], { differences: [FIRST] })).toBe('*LEA* MARIE / différent');
});

it('a first given name that agrees alone is not the list', () => {
  const compared: Candidate['compared'] = [
    { trait: 'firstName', result: 'same' },
    { trait: 'firstNames', result: 'unknown' },
  ];
  expect(givenNames(['ZOE'], ['ZOE', 'MARIE'], { compared })).toBe('ZOE MARIE / le premier concorde');
  expect(givenNames(['ZOE'], ['ZOE'], { compared })).toBe('ZOE / identique');
});
