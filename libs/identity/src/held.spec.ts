import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentityStatus, IdentityVerdict, Ins, Traits } from '#core';
import { writeStatus } from './dialects.ts';
import { differencesOf, type Letters } from './differences.ts';
import { applyDecision, checkDecision, type Decision, heldDetails } from './held.ts';
import { reason } from './reasons.ts';
import { insForTheWire } from './status.ts';

const zoe: Traits = {
  birthName: 'ADRUN',
  firstNames: ['ZOE'],
  sex: 'F',
  birthDate: '1975-12-11',
  birthPlace: '63220',
};
const ins: Ins = { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' };
const other: Ins = { value: '1090763220834', key: '89', oid: '1.2.250.1.213.1.4.8' };
const held = (change: Partial<IdentityVerdict> = {}): IdentityVerdict => ({
  outcome: 'found',
  status: 'PROV',
  attributes: [],
  ins,
  traits: zoe,
  reasons: [reason('insi.found')],
  inDoubt: true,
  verifiedAt: '2026-11-22T10:00:00.000Z',
  ...change,
});
const { ins: _ins, traits: _traits, ...nobody } = held({ outcome: 'several' });
const release: Decision = {
  verdict: 'release',
  evidence: 'CN',
  reason: 'Carte vue au guichet',
  by: 'person:1',
  at: '2026-11-22T11:00:00.000Z',
};

describe('what the work list shows of a doubt', () => {
  it('is what was sent, what INSi said, and the differences letter by letter', () => {
    const sent = { traits: { ...zoe, birthName: 'Adrûm', birthDate: '1975-11-12' }, ins: other };
    const details = heldDetails({ sent, verdict: held() });
    expect(details).toMatchObject({
      by: 'insi',
      sent,
      found: { traits: zoe, ins },
      reasons: [reason('insi.found')],
    });
    expect(details.differences.map(({ trait, hint }) => [trait, hint])).toEqual([
      ['birthName', 'one-letter'],
      ['birthDate', 'day-and-month-swapped'],
      ['ins', undefined],
    ]);
    expect(details.differences[0]).toMatchObject({
      sent: 'Adrûm',
      found: 'ADRUN',
      letters: [
        { in: 'both', text: 'ADRU' },
        { in: 'sent', text: 'M' },
        { in: 'found', text: 'N' },
      ],
    });
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
  });

  it('has no INSi side when INSi named nobody', () => {
    const sent = { traits: zoe, ins: other };
    expect(heldDetails({ sent, verdict: nobody })).toEqual({
      by: 'insi',
      sent,
      reasons: nobody.reasons,
      differences: [],
    });
  });

  it('has the same shape when it is the dossier that names somebody else', () => {
    const told = { traits: { ...zoe, birthName: 'ADRUNE' } };
    expect(heldDetails({ sent: { traits: zoe }, told })).toMatchObject({
      by: 'source',
      sent: { traits: zoe },
      found: told,
      reasons: [{ code: 'subject.differs' }],
      differences: [{ trait: 'birthName', sent: 'ADRUN', found: 'ADRUNE' }],
    });
  });

  it('spells both values, whatever they are, and marks what is only on one side', () => {
    const text = fc.stringMatching(/^[A-D '-]{1,12}$/);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const differences = differencesOf(
          { traits: { ...zoe, birthName: `X${a}` } },
          { traits: { ...zoe, birthName: `X${b}` } },
        );
        for (const { letters, sent, found: other } of differences) {
          const side = (mine: Letters['in']) =>
            letters.flatMap((run) => (run.in === 'both' || run.in === mine ? run.text : [])).join('');
          expect([side('sent'), side('found')]).toEqual([sent, other]);
        }
      }),
    );
  });

  it('hints at one letter, not at two', () => {
    const hint = (birthName: string) =>
      differencesOf({ traits: { ...zoe, birthName } }, { traits: zoe })[0]?.hint;
    expect(hint('ADRUM')).toBe('one-letter');
    expect(hint('ADRU')).toBe('one-letter');
    expect(hint('ADRUNE')).toBe('one-letter');
    expect(hint('ADRUNES')).toBeUndefined();
    expect(hint('ADR')).toBeUndefined();
    expect(hint('CORSE')).toBeUndefined();
  });

  it('shows whole lists of given names', () => {
    const [first, list] = differencesOf(
      { traits: { ...zoe, firstNames: ['OLA', 'CATARINA'] } },
      { traits: { ...zoe, firstNames: ['CATARINA', 'BELLA'] } },
    );
    expect([first?.trait, first?.sent, first?.found]).toEqual(['firstName', 'OLA', 'CATARINA']);
    expect([list?.trait, list?.sent, list?.found]).toEqual(['firstNames', 'OLA CATARINA', 'CATARINA BELLA']);
  });
});

describe('a decision', () => {
  const rules = { acceptedEvidence: ['CN', 'PA'] as const, at: '2026-11-22T11:00:00.000Z' };
  const given = { verdict: 'release', evidence: 'CN', reason: 'Carte vue au guichet', by: 'person:1' };
  const faults = (change: object) => {
    const checked = checkDecision({ ...given, ...change }, rules);
    return checked.ok ? [] : checked.findings.map(({ code }) => code);
  };

  it('says who, on what evidence, why and when', () => {
    expect(checkDecision(given, rules)).toEqual({ ok: true, value: release });
    expect(faults({ verdict: 'refuse' })).toEqual([]);
  });

  it.each([
    [{ verdict: undefined }, 'decision.verdict'],
    [{ verdict: 'accept' }, 'decision.verdict'],
    [{ evidence: undefined }, 'decision.evidence'],
    [{ evidence: '' }, 'decision.evidence'],
    [{ evidence: 'LE' }, 'decision.evidence'],
    [{ evidence: ['CN'] }, 'decision.evidence'],
    [{ reason: undefined }, 'decision.reason'],
    [{ reason: '  ' }, 'decision.reason'],
    [{ reason: 'x'.repeat(1001) }, 'decision.reason'],
    [{ reason: 'matricule 2 75 12 63 220 749 74 vérifié' }, 'decision.reason'],
    [{ by: undefined }, 'decision.by'],
    [{ by: ' ' }, 'decision.by'],
    [{ verdict: 'refuse', evidence: undefined }, 'decision.evidence'],
  ])('is not taken with %j', (change, code) => {
    expect(faults(change)).toEqual([code]);
  });

  it('has no default: nothing given, everything missing', () => {
    const checked = checkDecision({}, rules);
    expect(checked.ok ? 0 : checked.findings.length).toBe(4);
  });

  it('keeps nothing else that the body may hold', () => {
    const checked = checkDecision(
      { ...given, at: '1970-01-01T00:00:00.000Z', status: 'QUAL' } as object,
      rules,
    );
    expect(checked).toEqual({ ok: true, value: release });
  });
});

describe('a release', () => {
  it('makes an identity validée, without matricule, when its traits are not those of INSi', () => {
    const after = applyDecision(held(), { ...zoe, birthName: 'ADRUM' }, release);
    expect(after).toMatchObject({ status: 'VALI', inDoubt: false });
    expect(after.reasons.map(({ code }) => code)).toEqual(['insi.found', 'decision.released']);
    expect(insForTheWire(after)).toBeUndefined();
    expect(writeStatus(after, 'hl7-0445')).toEqual({ codes: ['PROV'], notCarried: ['status'] });
  });

  it('qualifies, with INSi’s matricule and never the one sent, when all traits agree', () => {
    const after = applyDecision(held(), zoe, release);
    expect(after).toMatchObject({ status: 'QUAL', inDoubt: false });
    expect(insForTheWire(after)).toEqual(ins);
  });

  it('gives no matricule where INSi named nobody', () => {
    for (const outcome of ['none', 'several', 'unavailable'] as const) {
      const after = applyDecision({ ...nobody, outcome }, zoe, release);
      expect(after.status).toBe('VALI' satisfies IdentityStatus);
      expect(insForTheWire(after)).toBeUndefined();
    }
  });

  it('lifts neither douteuse nor fictive', () => {
    for (const attributes of [['douteuse'], ['fictive']] as const) {
      const after = applyDecision(held({ attributes }), zoe, release);
      expect(after.status).toBe('PROV');
      expect(insForTheWire(after)).toBeUndefined();
    }
  });

  it('is not a refusal, which leaves the doubt', () => {
    expect(applyDecision(held(), zoe, { ...release, verdict: 'refuse' })).toEqual(held());
  });
});
