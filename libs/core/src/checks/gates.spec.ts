import { describe, expect, it } from 'vitest';
import type { GateContract } from '#core';
import { gateFindings } from './gates.ts';

const NOW = '2026-11-22T08:00:00.000Z';
const CAMPAIGN = {
  id: 'enquete-2026',
  opensAt: '2026-11-01T00:00:00.000Z',
  closesAt: '2026-12-01T00:00:00.000Z',
};

function told(gate: GateContract, json: unknown, context: Partial<Parameters<typeof gateFindings>[2]> = {}) {
  return gateFindings(gate, json, { now: NOW, campaign: CAMPAIGN, ...context }).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
}

describe('information', () => {
  const gate = { gate: 'information', at: '/a/b' } as const;
  const record = { informedAt: '2026-11-01', recordedBy: 'MT' };

  it('recorded, where the contract says, opens it', () => {
    expect(told(gate, { a: { b: record } })).toEqual([]);
  });

  it.each([
    ['without a date', { recordedBy: 'MT' }, ['/a/b/informedAt']],
    ['by nobody', { informedAt: '2026-11-01', recordedBy: ' ' }, ['/a/b/recordedBy']],
    ['not at all', undefined, ['/a/b/informedAt', '/a/b/recordedBy']],
    ['with dates that are no text', { informedAt: 20261101, recordedBy: 'MT' }, ['/a/b/informedAt']],
  ])('recorded %s leaves it shut', (_, b, pointers) => {
    expect(told(gate, { a: { b } })).toEqual(pointers.map((at) => `${at} gate.information-missing`));
  });

  it('recorded elsewhere leaves it shut', () => {
    expect(told(gate, record)).toHaveLength(2);
  });
});

describe('consent', () => {
  const gate = { gate: 'consent', at: '/consent', kind: 'ESMS' } as const;
  const given = { given: true, at: '2026-11-01', evidence: 'signature', kind: 'ESMS' };

  it('given, dated, proved and for this purpose opens it', () => {
    expect(told(gate, { consent: given })).toEqual([]);
  });

  it('of another kind opens it only where the contract names none', () => {
    const consent = { ...given, kind: 'DMP-READ' };
    expect(told(gate, { consent })).toEqual(['/consent/kind gate.consent-missing']);
    expect(told({ gate: 'consent', at: '/consent' }, { consent })).toEqual([]);
  });

  it.each([
    ['refused', { given: false }, '/consent/given'],
    ['told by a word', { given: 'true' }, '/consent/given'],
    ['without evidence', { evidence: '' }, '/consent/evidence'],
    ['without a date', { at: undefined }, '/consent/at'],
  ])('%s leaves it shut', (_, changes, pointer) => {
    expect(told(gate, { consent: { ...given, ...changes } })).toEqual([`${pointer} gate.consent-missing`]);
  });
});

describe('campaign', () => {
  const gate = { gate: 'campaign', at: '/survey' } as const;
  const json = { survey: 'enquete-2026' };

  it.each([
    ['the instant before it opens', '2026-10-31T23:59:59.999Z', false],
    ['the instant it opens', '2026-11-01T00:00:00.000Z', true],
    ['the last instant', '2026-11-30T23:59:59.999Z', true],
    ['the instant it closes', '2026-12-01T00:00:00.000Z', false],
  ])('at %s', (_, now, open) => {
    expect(told(gate, json, { now })).toEqual(open ? [] : [' gate.campaign-closed']);
  });

  it('of another survey is shut, at the place that names it', () => {
    expect(told(gate, { survey: 'enquete-2021' })).toEqual(['/survey gate.campaign-closed']);
  });

  it('that the content need not name is open by its dates alone', () => {
    expect(told({ gate: 'campaign' }, {})).toEqual([]);
  });

  it('that no contract has is shut', () => {
    expect(told(gate, json, { campaign: undefined })).toEqual([' gate.campaign-closed']);
  });
});

describe('sampling', () => {
  const gate = {
    gate: 'sampling',
    ruleAt: '/rule',
    dateAt: '/on',
    yearAt: '/year',
    rules: [
      { id: 'even', from: '2008-01-01', until: '2016-12-31', parity: 'even' },
      { id: 'any', from: '2017-01-01', parity: 'any' },
    ],
  } as const;

  it.each([
    ['the last day of the old rule, an even year', 'even', '2016-12-31', 1970, []],
    ['the last day of the old rule, an odd year', 'even', '2016-12-31', 1971, ['/year gate.out-of-sample']],
    ['the first day of the new rule, an odd year', 'any', '2017-01-01', 1971, []],
    ['the old rule, a day late', 'even', '2017-01-01', 1970, ['/rule gate.out-of-sample']],
    ['the new rule, a day early', 'any', '2016-12-31', 1970, ['/rule gate.out-of-sample']],
    ['a rule before it was made', 'even', '2007-12-31', 1970, ['/rule gate.out-of-sample']],
    ['a rule of one’s own', 'all', '2026-01-01', 1970, ['/rule gate.out-of-sample']],
    ['no day', 'any', undefined, 1970, ['/rule gate.out-of-sample']],
    ['a year that is none, where it matters', 'even', '2016-01-01', 'x', ['/year gate.out-of-sample']],
  ] as const)('%s', (_, rule, on, year, expected) => {
    expect(told(gate, { rule, on, year })).toEqual(expected);
  });
});

describe('opposition list', () => {
  const gate = { gate: 'opposition-list', at: '/list' } as const;
  const applied = { appliedAt: '2026-11-01', listVersion: 'v12' };

  it('applied, which version and when, opens it', () => {
    expect(told(gate, { list: applied })).toEqual([]);
  });

  it.each(['appliedAt', 'listVersion'])('without %s it is shut', (missing) => {
    expect(told(gate, { list: { ...applied, [missing]: undefined } })).toEqual([
      `/list/${missing} gate.opposition-list-missing`,
    ]);
  });
});

describe('competence', () => {
  const gate = { gate: 'competence', at: '/by', roles: ['MT', 'MPC'] } as const;

  it.each([
    ['a physician with a number', { role: 'MT', rpps: '10001234567' }, []],
    ['a nurse', { role: 'IDEST', rpps: '10001234567' }, ['/by/role']],
    ['a physician without one', { role: 'MPC' }, ['/by/rpps']],
    ['a number too short', { role: 'MT', rpps: '1000123456' }, ['/by/rpps']],
    ['nobody', undefined, ['/by/role', '/by/rpps']],
  ])('%s', (_, by, pointers) => {
    expect(told(gate, { by })).toEqual(pointers.map((at) => `${at} gate.not-competent`));
  });
});

it('the identity’s status is asked once it is known, not here', () => {
  expect(told({ gate: 'identity-status', atLeast: 'QUAL' }, {})).toEqual([]);
});

it('a gate that nobody wrote lets nothing through', () => {
  expect(told({ gate: 'nobody-wrote-it' } as unknown as GateContract, {})).toEqual([' gate.unknown']);
});
