import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterCheckFindings } from './after-check.ts';

const ALL = { shapes: ['ins', 'email', 'phone'], except: [] } as const;

function codes(text: unknown): string[] {
  return afterCheckFindings(ALL, { text }).map(({ code }) => code);
}

describe('a matricule is found', () => {
  it.each([
    ['bare', '2751263220749'],
    ['with its key', '275126322074974'],
    ['as people write it', '2 75 12 63 220 749 74'],
    ['with dots', '2.75.12.63.220.749'],
    ['with hyphens', '2-75-12-63-220-749-74'],
    ['of Corsica, lowercase too', '1 80 03 2b 020 401'],
    ['of Corsica, the other half', '297022A020778'],
    ['inside a sentence', 'dossier 2751263220749, à revoir'],
    ['between other signs', '(2751263220749)'],
  ])('%s', (_, text) => {
    expect(codes(text)).toEqual(['after-check.ins']);
  });

  it('as a number too', () => {
    expect(codes(2_751_263_220_749)).toEqual(['after-check.ins']);
  });

  it('whatever the separators', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', ' ', '.', '-'), { minLength: 6, maxLength: 6 }), (between) => {
        const groups = ['2', '75', '12', '63', '220', '749', '74'];
        const text = groups.map((group, n) => group + (between[n] ?? '')).join('');
        expect(codes(text)).toContain('after-check.ins');
      }),
    );
  });
});

describe('what only looks long is not taken for a matricule', () => {
  it.each([
    ['a SIRET', '99000001200018'],
    ['a SIREN', '990000012'],
    ['an RPPS number', '10001234567'],
    ['a date', '2026-11-22'],
    ['an instant', '2026-11-22T08:00:00.000Z'],
    ['a UUID', '01a2020f-9fc9-75ab-b235-347c22f0ec55'],
    ['a hash', '2751263220749c2a90f1'],
    ['sixteen digits', '2751263220749123'],
    ['an amount', '1 234 567,89'],
  ])('%s', (_, text) => {
    expect(codes(text)).toEqual([]);
  });
});

describe('a telephone number is found', () => {
  it.each([
    '0639981234',
    '06 39 98 12 34',
    '06.39.98.12.34',
    '+33639981234',
    '+33 6 39 98 12 34',
    '0033 6 39 98 12 34',
  ])('%s', (text) => {
    expect(codes(`rappeler au ${text} demain`)).toEqual(['after-check.phone']);
  });

  it.each(['2026-11-22', '0012', '00639981234567', '12 34 56 78 90'])('but not in %s', (text) => {
    expect(codes(text)).toEqual([]);
  });
});

describe('an e-mail address is found', () => {
  it.each(['zoe.adrun@exemple.invalid', 'a@b.fr', 'voir <zoe+travail@sous.exemple.fr>.'])('%s', (text) => {
    expect(codes(text)).toEqual(['after-check.email']);
  });

  it.each(['@exemple', 'zoe@exemple', 'à 12 @ 3.50', 'zoe @ exemple.fr'])('but not in %s', (text) => {
    expect(codes(text)).toEqual([]);
  });
});

describe('where it looks', () => {
  const json = { identity: { phone: '0639981234' }, notes: [{ text: '0639981234' }, { text: 'rien' }] };

  it('everywhere but where such things are at home', () => {
    const rule = { ...ALL, except: ['/identity/phone'] };
    expect(afterCheckFindings(rule, json).map(({ pointer }) => pointer)).toEqual(['/notes/0/text']);
    expect(afterCheckFindings({ ...ALL, except: ['/identity', '/notes/*/text'] }, json)).toEqual([]);
  });

  it('for the shapes named, and no other', () => {
    expect(afterCheckFindings({ shapes: ['ins', 'email'], except: [] }, json)).toEqual([]);
  });

  it('repeats nothing of what it found', () => {
    expect(JSON.stringify(afterCheckFindings(ALL, json))).not.toContain('0639');
  });
});

describe('a name told elsewhere', () => {
  const rule = { shapes: [], except: ['/labels'], names: ['/workers/*/name'] };
  const found = (json: unknown) =>
    afterCheckFindings(rule, json).map(({ pointer, code }) => `${pointer} ${code}`);

  it.each(['vu Adrun hier', 'ADRUN', 'Mme d’Adrun-Martin', 'ÀDRÛN'])('is found in: %s', (note) => {
    expect(found({ workers: [{ name: 'Adrun' }], note })).toEqual(['/note after-check.name']);
  });

  it('of another person of the batch is found too', () => {
    expect(found({ workers: [{ name: 'ADRUN', note: 'comme Lefèvre' }, { name: 'LEFEVRE' }] })).toEqual([
      '/workers/0/note after-check.name',
    ]);
  });

  it.each([
    ['inside another word', { workers: [{ name: 'Adrun' }], note: 'adrunien' }],
    ['too short to mean somebody', { workers: [{ name: 'Roy' }], note: 'roy' }],
    ['where it is told', { workers: [{ name: 'Adrun' }, { name: 'Adrun' }] }],
    ['where the contract lets it be', { workers: [{ name: 'Adrun' }], labels: { for: 'Adrun' } }],
  ])('is not found %s', (_, json) => {
    expect(found(json)).toEqual([]);
  });
});

it('takes a time that grows with the text, not with its square', () => {
  const hostile = ['1 '.repeat(50_000), '0'.repeat(100_000), `${'a'.repeat(100_000)}@`, '@'.repeat(100_000)];
  const began = performance.now();
  for (const text of hostile) codes(text);
  expect(performance.now() - began).toBeLessThan(20_000);
});
