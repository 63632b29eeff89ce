import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import {
  A_REPORT,
  aDossierOf,
  evrestInput,
  mcpInput,
  sumerInput,
} from '../../../../test/builders/surveys.ts';
import { throughEdge } from './edge.ts';
import { SenderFolder } from './sender-folder.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relais-edge-'));
  folders.push(folder);
  return folder;
}

type Json = Record<string, unknown>;

const out = (flow: string, input: unknown, folder = aFolder()) =>
  throughEdge(flow, input, new SenderFolder(folder)) as Json;

function refusal(flow: string, input: unknown): string[] {
  try {
    out(flow, input);
  } catch (error) {
    if (error instanceof BrokerError) return error.findings.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

/** Everything that tells who the worker of the sample is, and where she works. */
const TELLING =
  /ADRUN|DUMONT|ZOE|275126|1975-1|63220|63000|Exemples|exemple\.invalid|A-2015|T-84|99000001|Fictifs|commande/i;

describe('sumer', () => {
  it('keeps codes and classes, and nothing that tells who or which day', () => {
    const sheet = out('sumer', sumerInput());
    expect(sheet).toMatchObject({
      survey: 'sumer-2026',
      month: '2026-11',
      information: { informedAt: '2026-11-01', recordedBy: 'MT' },
      establishment: { status: 'PRIVE', nafCode: '25.62B', headcountBand: '50-299', region: '84' },
      employee: { sex: 'F', ageBand: '50-54', pcsCode: '628b', workTime: 'PARTIEL', tenureBand: '10-19' },
      exposures: [
        { agent: 'TEP-P0021', durationClass: '>=20h', intensityClass: 3, ppe: ['AUDITIVE'] },
        { agent: 'TEP-C0417', durationClass: '10-20h', intensityClass: 2 },
      ],
    });
    expect(JSON.stringify(sheet)).not.toMatch(TELLING);
    expect(JSON.stringify(sheet)).not.toContain('2026-11-17');
  });

  it('gives a worker one number in a survey and another in the next; only the sender’s folder knows whose it is', () => {
    const folder = aFolder();
    const numbers = ['sumer-2026', 'sumer-2026', 'sumer-2031'].map(
      (survey) => out('sumer', sumerInput({ survey }), folder)['sheetId'],
    );
    expect(numbers[1]).toBe(numbers[0]);
    expect(numbers[2]).not.toBe(numbers[0]);
    const kept = readFileSync(join(folder, 'sumer-correspondence.ndjson'), 'utf8').trim().split('\n');
    expect(kept.map((line) => JSON.parse(line))).toEqual([
      { survey: 'sumer-2026', sheetId: numbers[0], localId: aDossierOf().identity.localId },
      { survey: 'sumer-2031', sheetId: numbers[2], localId: aDossierOf().identity.localId },
    ]);
  });

  it('sends nothing of a worker who refused', () => {
    expect(refusal('sumer', sumerInput({ refused: true }))).toEqual([
      '/answers/refused edge.refused-by-worker',
    ]);
  });

  it.each([
    [
      'the matricule',
      '2751263220749',
      ['/exposures/0/agent after-check.ins', '/exposures/0/agent edge.own-value'],
    ],
    ['a name', 'Dumont-1', ['/exposures/0/agent edge.own-value']],
    ['the local number', 'A-2015-004217', ['/exposures/0/agent edge.own-value']],
    ['the birth date', '31.12.1975', ['/exposures/0/agent edge.own-value']],
    [
      'the matricule in hexadecimal',
      Buffer.from('2751263220749').toString('hex'),
      ['/exposures/0/agent edge.own-value'],
    ],
  ])('refuses, and does not clean, %s typed where a code belongs', (_, agent, expected) => {
    const exposures = [{ ref: 'X1', domain: 'AMBIANCE', agent }];
    expect(refusal('sumer', sumerInput({ exposures })).toSorted()).toEqual(expected);
  });

  it.each([
    ['an unreal day', { visitOn: '2026-02-30' }, ['/answers/visitOn edge.not-a-day']],
    ['a day without a job', { visitOn: '1999-05-04' }, ['/dmst/employments edge.no-employment']],
    ['a day before birth', { visitOn: '1975-05-04' }, ['/dmst/identity/birthDate edge.before-birth']],
    ['an employer of no kind', { status: 'MAIRIE' }, ['/establishment/status schema.enum']],
    ['exposures that are no list', { exposures: 'bruit' }, ['/answers/exposures edge.not-a-list']],
  ])('refuses %s', (_, answers, expected) => {
    expect(refusal('sumer', sumerInput(answers))).toEqual(expected);
  });
});

describe('mcp', () => {
  it('brings every line to the same level, ill or not, and loses the order in which people came', () => {
    const input = mcpInput(6, { report: A_REPORT });
    const fortnight = out('mcp', input);
    const profile = {
      ageBand: '45-54',
      sex: 'F',
      region: '84',
      nafVersion: 'NAF-REV2',
      naf: '25',
      pcsVersion: 'PCS-ESE-2017',
      pcs: '62',
    };
    expect(fortnight).toMatchObject({ fortnight: '2026-11-F2', information: { refusals: 0 } });
    expect(fortnight['reports']).toEqual([{ ...profile, ...A_REPORT, pathology: 'M75' }]);
    expect(fortnight['lines']).toEqual([
      ...Array.from({ length: 5 }, () => ({ ...profile, mcp: false })),
      { ...profile, mcp: true },
    ]);
    expect(out('mcp', { ...input, workers: input.workers.toReversed() })).toEqual(fortnight);
    expect(JSON.stringify(fortnight)).not.toMatch(TELLING);
  });

  it('counts those who refused, and says nothing else of them', () => {
    const input = mcpInput(6);
    const [first, ...others] = input.workers;
    const refused = { ...first, answers: { ...first?.answers, refused: true } };
    const fortnight = out('mcp', { ...input, workers: [refused, ...others] });
    expect(fortnight['lines']).toHaveLength(5);
    expect(fortnight).toMatchObject({ information: { refusals: 1 } });
  });

  it('refuses a worker seen in another fortnight', () => {
    const input = mcpInput(2);
    const workers = [...input.workers, ...mcpInput(1, { seenOn: '2026-11-15' }).workers];
    expect(refusal('mcp', { ...input, workers })).toEqual(['/workers/2/answers/seenOn edge.other-fortnight']);
  });

  it('names the worker whose dossier is none by its place', () => {
    const input = mcpInput(2);
    const workers = [...input.workers, { dmst: {}, answers: {} }];
    expect(refusal('mcp', { ...input, workers })).toContain('/workers/2/dmst/identity schema.required');
  });
});

describe('evrest', () => {
  it('gives a pseudonym, the year of birth and the month; local questions are not read', () => {
    const sheet = out('evrest', evrestInput({ free: 'Questions de l’équipe, signé ZOE ADRUN' }));
    expect(sheet).toMatchObject({
      birthYear: 1975,
      sex: 'F',
      sample: { rule: 'october-any', on: '2026-11-01' },
      pseudonym: {
        value: expect.stringMatching(/^[\w-]{43}$/),
        keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    });
    expect(sheet).not.toHaveProperty('free');
    expect(JSON.stringify(sheet)).not.toMatch(TELLING);
  });

  it('the same worker keeps her pseudonym in a service, and has another under another key', () => {
    const folder = aFolder();
    const pseudonym = (where: string, answers = {}) =>
      out('evrest', evrestInput(answers), where)['pseudonym'];
    const first = pseudonym(folder);
    expect(pseudonym(folder, { interviewOn: '2028-11-17' })).toEqual(first);
    expect(pseudonym(aFolder())).not.toEqual(first);
  });

  it('the matricule counts only once it is qualified', () => {
    const folder = aFolder();
    const { ins } = aDossierOf().identity;
    if (ins === undefined) throw new Error('the sample has a matricule');
    const of = (identity: object) =>
      out('evrest', evrestInput({}, aDossierOf({ birthDate: '1975-10-31', ...identity })), folder)[
        'pseudonym'
      ];
    const renumbered = { localId: { system: 'urn:autre', value: 'B-77' } };
    expect(of(renumbered)).toEqual(of({}));
    expect(of({ ins: { ...ins, status: 'VALI' }, ...renumbered })).not.toEqual(
      of({ ins: { ...ins, status: 'VALI' } }),
    );
  });

  it.each([
    ['not born in October', '1976-09-30', '2026-11-17', false],
    ['of an odd year, until 2016', '1975-10-31', '2016-12-31', false],
    ['of an even year, until 2016', '1976-10-01', '2016-12-31', true],
    ['of an odd year, from 2017', '1975-10-31', '2017-01-01', true],
  ])('whoever is %s', (_, birthDate, interviewOn, taken) => {
    expect(refusal('evrest', evrestInput({ interviewOn }, aDossierOf({ birthDate })))).toEqual(
      taken ? [] : ['/dmst/identity/birthDate gate.out-of-sample'],
    );
  });
});

it('a flow without a transform at the sender is unknown here', () => {
  expect(() => out('insi', {})).toThrow('flow.unknown');
  expect(() => out('constructor', {})).toThrow('flow.unknown');
});
