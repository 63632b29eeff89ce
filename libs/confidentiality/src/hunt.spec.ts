import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insKey } from '#core';
import { hunt, TraceSet } from './hunt.ts';
import { type TracedPerson, tracesOf } from './traces-of.ts';

const KEY = insKey('2840799990123') ?? '';
const person: TracedPerson = {
  ins: { value: '2840799990123' },
  birthName: "L'HÉRITIER-DUCŒUR",
  usedName: 'KERN',
  firstNames: ['ZOÉ', 'MAGALI'],
  usedFirstName: 'Zoé',
  sex: 'F',
  birthDate: '1984-07-09',
  address: '12 bis, rue de l’Égalité 29200 Brest',
  phone: '06 12 34 56 78',
  email: 'zoe.lheritier@exemple.invalid',
  localIds: ['SAL-004512'],
};
const traces = new TraceSet(tracesOf(person));
const found = (text: string | Uint8Array): string[] => [
  ...new Set(hunt(typeof text === 'string' ? Buffer.from(text) : text, traces).map(({ kind }) => kind)),
];

/** kind, and the ways in which it may be written */
const planted: [kind: string, ...forms: string[]][] = [
  ['ins', '2840799990123', '2 84 07 99 990 123', '2-84-07-99-990-123'],
  ['ins-with-key', `2840799990123${KEY}`, `2 84 07 99 990 123 ${KEY}`],
  ['birth-name', "L'HÉRITIER-DUCŒUR", 'l’héritier ducoeur', 'LHERITIERDUCOEUR', 'L_heritier_Ducœur'],
  ['used-name', 'Kern', 'KERN'],
  ['first-name', 'Magali', 'MAGALI'],
  ['name-joined', 'Zoé Kern', 'KERN;ZOE', 'kern.zoe.magali', 'magalikern', 'Kern-Magali'],
  ['birth-date', '1984-07-09', '09/07/1984', '09071984', '19840709', '1984-07-09T00:00:00Z'],
  ['address', '12 bis rue de l egalite 29200 BREST', '12 BIS, RUE DE L’ÉGALITÉ\n29200 BREST'],
  ['phone', '0612345678', '06.12.34.56.78', '+33612345678', '+33 6 12 34 56 78', '+33 (0)6 12 34 56 78'],
  ['email', 'Zoe.Lheritier@exemple.invalid', 'zoe.lheritier%40exemple.invalid'.replace('%40', '@')],
  ['local-id', 'SAL-004512', 'sal 004512'],
];

const words = 'Le salarié suit son parcours; le service répond. ';

/** `é` as JSON may write it */
const escaped = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe.each(planted)('a planted %s', (kind, ...forms) => {
  it.each(forms)('is found as %s', (form) => {
    const text = `${words}${form} ${words}`;
    expect(found(form)).toContain(kind);
    expect(found(text)).toContain(kind);
    expect(found(text.normalize('NFD'))).toContain(kind);
    expect(found(JSON.stringify({ note: `${words}\n${form}` }))).toContain(kind);
    expect(found(escaped(text))).toContain(kind);
    if (/^[^\u0100-\uffff]*$/.test(form)) {
      expect(found(Buffer.from(text, 'latin1'))).toContain(kind);
      expect(found(Buffer.from(text, 'utf16le'))).toContain(kind);
      expect(found(Buffer.from(text, 'utf16le').swap16())).toContain(kind);
    }
  });

  it.each(forms)('is found as %s in base64, at each alignment and twice over, and in hexadecimal', (form) => {
    for (const before of ['', 'x ', 'xy ', 'xyz ']) {
      const text = Buffer.from(`${before}${form} and more`);
      for (const encoded of [
        text.toString('base64'),
        text.toString('base64url'),
        (text.toString('base64').match(/.{1,20}/g) ?? []).join('\r\n'),
        text.toString('hex'),
        text.toString('hex').toUpperCase(),
        Buffer.from(text.toString('base64')).toString('base64'),
        Buffer.from(text.toString('base64')).toString('hex'),
      ]) {
        expect(found(`{"data":"${encoded}"}`)).toContain(kind);
        expect(found(encoded)).toContain(kind);
      }
    }
    expect(found(Buffer.from(form).toString('base64'))).toContain(kind);
    expect(found(`%PDF <${Buffer.from(form).toString('hex')}> Tj`)).toContain(kind);
  });
});

describe('the hunt', () => {
  it('says where, and never what', () => {
    const text = Buffer.from(`é ${words}MAGALI`);
    expect(hunt(text, traces)).toEqual([{ kind: 'first-name', at: text.indexOf('MAGALI') }]);
    const run = Buffer.from('bonjour MAGALI').toString('base64');
    expect(hunt(Buffer.from(`x: ${run}`), traces)).toEqual([
      { kind: 'first-name', at: 3, encoded: 'base64' },
    ]);
  });

  it('takes neither parts of words nor common words for names', () => {
    expect(found('La kernel du bas-kernien, les magalies de 1984 et le 0909071984')).toEqual([]);
    const petit = tracesOf({ birthName: 'PETIT', firstNames: ['Rose', 'Léa'] });
    expect(hunt(Buffer.from('Le petit atelier, une rose, léa'), petit)).toEqual([]);
    expect(hunt(Buffer.from('PETIT Rose'), petit).map(({ kind }) => kind)).toEqual(['name-joined']);
    expect(hunt(Buffer.from('Léa;Petit'), petit).map(({ kind }) => kind)).toEqual(['name-joined']);
  });

  it('finds nothing in words, digests and random bytes', () => {
    const noise = Array.from({ length: 3_000 }, (_, at) => createHash('sha256').update(String(at)).digest());
    expect(hunt(Buffer.concat(noise), traces)).toEqual([]);
    expect(found(noise.map((digest) => digest.toString('base64url')).join('\n'))).toEqual([]);
    expect(found(noise.map((digest) => digest.toString('hex')).join(';'))).toEqual([]);
    expect(found(words.repeat(100))).toEqual([]);
    // read as base64 this digest says « ëNzo »
    const digest = 'ff6056b790c14129e2c85ee82d493d2f235eb0961f23145774bc8598bb8bda03';
    expect(hunt(Buffer.from(digest), tracesOf({ firstNames: ['ENZO'] }))).toEqual([]);
  });

  it('finds a short name at the end of what is encoded, whatever is encoded next to it', () => {
    for (const encoding of ['base64', 'hex'] as const) {
      const name = Buffer.from('vu : kern').toString(encoding);
      const other = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9]).toString(encoding);
      expect(found(`{"note":"${name}","next":"${other}"}`)).toEqual(['used-name']);
    }
  });

  it('finds a name whatever text without letters is around', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', ';', '"', ':', '{', ',', '\n', '7 ', 'é ') });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(found(`${before} Magali "${after}`)).toContain('first-name');
      }),
    );
  });

  it('hunts 5 000 people over some megabytes in seconds', () => {
    const people = Array.from({ length: 5_000 }, (_, at) => {
      const digest = createHash('sha256').update(`person ${at}`).digest('hex');
      const letters = digest.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '');
      return tracesOf({
        ...person,
        ins: { value: `2840799${String(at).padStart(6, '0')}` },
        birthName: letters.slice(0, 8),
        usedName: letters.slice(8, 15),
        firstNames: [letters.slice(20, 27), letters.slice(30, 36)],
        birthDate: `19${60 + (at % 40)}-0${1 + (at % 9)}-1${at % 10}`,
        phone: `06${String(10_000_000 + at * 977)}`,
        email: `${letters.slice(40, 50)}@exemple.invalid`,
      });
    });
    const set = new TraceSet(people.flat());
    const line = '{"sex":"F","birthYear":1980,"pcs":"388a","naf":"62.01Z","ref":"q83hF2k9Zm1v0b7x"}\n';
    const output = Buffer.from(line.repeat(40_000));
    const begun = performance.now();
    expect(hunt(output, set)).toEqual([]);
    expect(output.length).toBeGreaterThan(3_000_000);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});
