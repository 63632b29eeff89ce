import { describe, expect, it } from 'vitest';
import { checkResponse } from './checks.ts';
import minimal from './samples/valid/response.minimal.json' with { type: 'json' };

/** What samples cannot show: the message's own attributes, and the edges of the rules. */
function codes(change: object, lastVisit?: string): string[] {
  const json = { ...minimal, ...change };
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  return checkResponse(content, lastVisit === undefined ? {} : { lastVisit }).map(({ code }) => code);
}

function visit(type: string, date: string): object {
  return {
    visits: [{ id: 'V1', date, type, professional: { role: 'MT' } }],
    closure: { lastVisitAt: '2025-01-01' },
  };
}

const ended = { employments: [{ id: 'E1', jobTitle: 'Vendeuse', from: '2024-09-02', to: '2024-12-31' }] };

describe('the last visit', () => {
  it('is the one that the message announces', () => {
    expect(codes({}, '2024-09-16')).toEqual([]);
    expect(codes({}, '2026-01-01')).toEqual(['dmst.last-visit-differs']);
  });
});

describe('a visit', () => {
  it.each([
    ['on the first day', 'VIPP', '2024-09-02'],
    ['on the last day', 'VIPP', '2024-12-31'],
    ['before hiring, for hiring', 'EMAE', '2024-08-20'],
    ['before hiring, for information', 'VIPI', '2024-08-20'],
    ['after leaving, for what was breathed', 'VPEX', '2025-01-01'],
    ['after leaving, for the end of a career', 'VFIN', '2025-01-01'],
  ])('%s belongs', (_, type, date) => expect(codes({ ...ended, ...visit(type, date) })).toEqual([]));

  it.each([
    ['the day before hiring', 'VIPP', '2024-09-01'],
    ['the day after leaving', 'VREP', '2025-01-01'],
    ['of hiring, once left', 'EMAE', '2025-01-01'],
    ['of the end, before it began', 'VFIN', '2024-09-01'],
  ])('%s does not', (_, type, date) => {
    expect(codes({ ...ended, ...visit(type, date) })).toEqual(['dmst.visit-outside-employment']);
  });

  it('after leaving belongs when the prevention of job loss goes on', () => {
    expect(codes({ ...ended, ...visit('VDEM-S', '2025-01-01'), pdp: [{ opened: '2024-12-01' }] })).toEqual(
      [],
    );
  });
});

describe('an avis d’aptitude', () => {
  const sir = { followUp: [{ category: 'SIR', triggers: ['PLOMB'], from: '2024-09-02', to: '2025-12-31' }] };
  const output = (date: string) => ({ outputs: [{ type: 'APTI', date }] });

  it.each([
    ['the day before the reform, without reinforced follow-up', {}, '2025-09-30', []],
    ['since the reform, under reinforced follow-up', sir, '2025-12-31', []],
    ['since the reform, without', {}, '2025-10-01', ['dmst.apti-without-sir']],
    ['once the reinforced follow-up has ended', sir, '2026-01-01', ['dmst.apti-without-sir']],
  ])('%s', (_, followUp, date, expected) =>
    expect(codes({ ...followUp, ...output(date) })).toEqual(expected),
  );
});

it('an opposition withdrawn, or about one’s own service, does not stop the dossier', () => {
  const oppositions = [
    { right: 2, from: '2024-10-01', withdrawnAt: '2024-11-01' },
    { right: 1, from: '2024-10-01' },
  ];
  expect(codes({ rights: { ...minimal.rights, oppositions } })).toEqual([]);
});

it('a document kept by the source, whose content does not travel, is taken at its word', () => {
  const attachments = [
    { id: 'P1', mime: 'application/pdf', sha256: '0'.repeat(64), title: 'x', date: '2024-09-16' },
  ];
  expect(codes({ attachments })).toEqual([]);
});

it('a vendor’s PDF has nothing to check here', () => {
  expect(checkResponse({ mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }, {})).toEqual([]);
});
