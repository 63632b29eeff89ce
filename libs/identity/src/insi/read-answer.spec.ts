import { diag } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { readAnswer } from './read-answer.ts';

const NIR = '1.2.250.1.213.1.4.8';
const OIDS = new Set([NIR]);

function envelope(person: string, cr = '00'): Uint8Array {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
    <soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><env:Body xmlns:env="http://www.w3.org/2003/05/soap-envelope">
    <RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>${cr}</CodeCR><LibelleCR>OK</LibelleCR></CR>${person}</RESULTAT>
    </env:Body></soap:Envelope>`);
}

const ACTIVE = `<INSACTIF><IdIndividu><NumIdentifiant>2751263220749</NumIdentifiant><Cle>74</Cle></IdIndividu><OID>${NIR}</OID></INSACTIF>`;
const TIQ =
  '<TIQ><NomNaissance>ADRUN</NomNaissance><ListePrenom>ZOE LOU</ListePrenom><Sexe>F</Sexe><DateNaissance>1975-12-31</DateNaissance></TIQ>';

function refusal(bytes: Uint8Array): string {
  try {
    readAnswer(bytes, OIDS);
  } catch (error) {
    expect(error).toBeInstanceOf(BrokerError);
    expect([(error as BrokerError).code, (error as BrokerError).next]).toEqual([
      'transport.bad-answer',
      'hold',
    ]);
    return ((error as BrokerError).cause as Error).message;
  }
  return expect.fail('should have been refused');
}

describe('an identity', () => {
  it('behind a processing instruction is refused: what follows it would go unread', () => {
    expect(refusal(envelope(`<?x y?><INDIVIDU>${TIQ}${ACTIVE}</INDIVIDU>`))).toMatch('instruction');
  });

  it('is read whatever the order of its parts, history kept untouched', () => {
    const old = `<INSHISTO><DateDeb>2019-03-01</DateDeb><DateFin>2019-02-28</DateFin><OID>${NIR}</OID><IdIndividu><Cle>00</Cle><NumIdentifiant>275126322074x</NumIdentifiant></IdIndividu></INSHISTO>`;
    const good = old.replace('275126322074x', '275126X220749');
    const { identity } = readAnswer(envelope(`<INDIVIDU>${TIQ}${good}${ACTIVE}</INDIVIDU>`), OIDS);
    expect(identity?.history).toEqual([{ value: '275126X220749', key: '00', oid: NIR }]);
    expect(identity?.keyMismatch).toBe(true);
    expect(refusal(envelope(`<INDIVIDU>${TIQ}${old}${ACTIVE}</INDIVIDU>`))).toMatch('NumIdentifiant');
  });

  it('has the computed key when INSi gives none, and no birth place when INSi gives none', () => {
    const { identity } = readAnswer(
      envelope(`<INDIVIDU>${ACTIVE.replace('<Cle>74</Cle>', '')}${TIQ}</INDIVIDU>`),
      OIDS,
    );
    expect(identity).toEqual({
      ins: { value: '2751263220749', key: '74', oid: NIR },
      history: [],
      traits: { birthName: 'ADRUN', firstNames: ['ZOE', 'LOU'], sex: 'F', birthDate: '1975-12-31' },
      keyMismatch: false,
    });
  });

  it('may have only the single Prenom, and a lunar date', () => {
    const tiq = TIQ.replaceAll('ListePrenom', 'Prenom').replace('1975-12-31', '1975-31-00');
    const { identity } = readAnswer(envelope(`<INDIVIDU>${ACTIVE}${tiq}</INDIVIDU>`), OIDS);
    expect(identity?.traits).toMatchObject({ firstNames: ['ZOE', 'LOU'], birthDate: '1975-31-00' });
  });

  it.each([
    ['no name', TIQ.replace('ADRUN', ''), 'TIQ without a name'],
    ['no given name', TIQ.replace('ZOE LOU', ' '), 'TIQ without a name'],
    ['no TIQ', '', 'no TIQ'],
    ['two dates', TIQ.replace(/<Date.*e>/, '$&$&'), 'several DateNaissance'],
    ['an element in a value', TIQ.replace('ADRUN', 'AD<b/>RUN'), 'more than text'],
    ['an instruction in a value', TIQ.replace('ADRUN', 'AD<?b?>RUN'), 'more than text'],
    [
      'a place too long',
      TIQ.replace('</TIQ>', '<LieuNaissance>632200</LieuNaissance></TIQ>'),
      'LieuNaissance',
    ],
  ])('is refused with %s', (_, tiq, why) => {
    expect(refusal(envelope(`<INDIVIDU>${ACTIVE}${tiq}</INDIVIDU>`))).toMatch(why);
  });
});

it('only the three known codes mean something, to the letter', () => {
  const person = `<INDIVIDU>${ACTIVE}${TIQ}</INDIVIDU>`;
  for (const cr of ['', '0', '000', '03', ' 00', '00 ', '٠٠', 'constructor', '__proto__']) {
    expect(refusal(envelope(person, cr))).toMatch('CodeCR');
  }
  expect(readAnswer(envelope(person, '01'), OIDS)).toEqual({ outcome: 'none' });
  expect(readAnswer(envelope(person, '02'), OIDS)).toEqual({ outcome: 'several' });
});

it('a character entity is text like any other, an unknown entity is not', () => {
  const escaped = TIQ.replace('ADRUN', '&#65;DRUN');
  expect(
    readAnswer(envelope(`<INDIVIDU>${ACTIVE}${escaped}</INDIVIDU>`), OIDS).identity?.traits.birthName,
  ).toBe('ADRUN');
  expect(refusal(envelope(TIQ.replace('ADRUN', '&name;')))).toMatch('well-formed');
});

it('a deep document does not get through', () => {
  expect(refusal(envelope('<a>'.repeat(5_000) + '</a>'.repeat(5_000)))).toMatch('well-formed');
});

it('an encoding that would hide a DOCTYPE is not read', () => {
  const hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>';
  expect(refusal(Buffer.from(hidden))).toMatch(/well-formed|envelope/);
  expect(refusal(Buffer.from('<!DOCTYPE a><a/>', 'utf16le'))).toMatch('UTF-8');
  expect(refusal(Buffer.from('<a>\xe9</a>', 'latin1'))).toMatch('UTF-8');
});

it('every document is given back to the parser, refused or not', () => {
  diag.configure({ enabled: true });
  try {
    readAnswer(envelope(`<INDIVIDU>${ACTIVE}${TIQ}</INDIVIDU>`), OIDS);
    refusal(envelope(`<INDIVIDU>${ACTIVE}</INDIVIDU>`));
    refusal(envelope('<a>'));
    expect(diag.report()).toEqual({});
  } finally {
    diag.configure({ enabled: false });
  }
});
