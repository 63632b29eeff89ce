import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evrestInput, sumerInput } from '../../../../test/builders/surveys.ts';
import { runCli } from '../run-cli.ts';
import { type EdgeService, startEdge } from './edge-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-edge-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the service of the sender', () => {
  let edge: EdgeService;
  beforeAll(async () => {
    edge = await startEdge({ port: 0, folder: join(folder, 'keys') });
  });
  afterAll(() => edge.close());

  const post = (path: string, body: string) => fetch(`${edge.url}${path}`, { method: 'POST', body });

  it('answers what may leave', async () => {
    const answer = await post('/evrest', JSON.stringify(evrestInput()));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ questionnaire: 'evrest-relais/1', birthYear: 1975 });
  });

  it('answers why not, without the value', async () => {
    const exposures = [
      { domain: 'AMBIANCE', agent: '2751263220749', durationClass: '<2h', intensityClass: 0 },
    ];
    const answer = await post('/sumer', JSON.stringify(sumerInput({ exposures })));
    expect(answer.status).toBe(422);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      code: 'content.invalid',
      errors: expect.arrayContaining([expect.objectContaining({ code: 'edge.own-value' })]),
    });
    expect(text).not.toContain('275');
  });

  it.each([
    ['a flow it does not know', '/insi', '{}', 422, 'flow.unknown'],
    ['a path that is none', '/sumer/x', '{}', 404, 'not-found'],
    ['what is no JSON', '/sumer', '{', 422, 'content.invalid'],
  ])('refuses %s', async (_, path, body, status, code) => {
    const answer = await post(path, body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('keeps its key where only its owner reads it', () => {
    expect(statSync(join(folder, 'keys', 'evrest.keys')).mode & 0o777).toBe(0o600);
  });
});

describe('relais edge', () => {
  const said: string[] = [];
  const run = (...words: string[]) =>
    runCli(['edge', ...words], { out: (line) => said.push(line), err: (line) => said.push(line) });
  const file = (name: string) => join(folder, name);

  it('transforms a file of dossiers, one a line', async () => {
    const lines = [sumerInput(), sumerInput({ survey: 'sumer-2031' })].map((one) => JSON.stringify(one));
    writeFileSync(file('in.ndjson'), lines.join('\n'));
    const code = await run(
      '--flow',
      'sumer',
      '--in',
      file('in.ndjson'),
      '--out',
      file('out.ndjson'),
      '--keys',
      file('k'),
    );
    expect(code).toBe(0);
    const written = readFileSync(file('out.ndjson'), 'utf8').trim().split('\n');
    expect(written.map((line) => (JSON.parse(line) as { survey: string }).survey)).toEqual([
      'sumer-2026',
      'sumer-2031',
    ]);
  });

  it('writes nothing when one of them is refused', async () => {
    const lines = [sumerInput(), sumerInput({ refused: true })].map((one) => JSON.stringify(one));
    writeFileSync(file('bad.ndjson'), lines.join('\n'));
    const code = await run(
      '--flow',
      'sumer',
      '--in',
      file('bad.ndjson'),
      '--out',
      file('no.ndjson'),
      '--keys',
      file('k'),
    );
    expect(code).toBe(1);
    expect(said.join('\n')).toContain('edge.refused-by-worker');
    expect(() => statSync(file('no.ndjson'))).toThrow('ENOENT');
  });
});
