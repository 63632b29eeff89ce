import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-generate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function generate(...words: string[]) {
  let written = '';
  const said: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  const say = (line: string) => said.push(line);
  const code = await runCli(['generate', ...words], { out: say, err: say, stdout });
  return { code, written, said };
}

describe('relais generate', () => {
  it('writes as many lines as asked for, each one JSON', async () => {
    const { code, written } = await generate('--flow', 'insi', '--count', '25', '--seed', '4');
    const lines = written.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(25);
    for (const line of lines) expect(Object.keys(JSON.parse(line) as object)).toContain('traits');
  });

  it('writes the same bytes to a file as to the standard output', async () => {
    const words = ['--flow', 'dmst-portability', '--object', 'response', '--count', '30', '--seed', '9'];
    const { written } = await generate(...words);
    const file = join(folder, 'responses.ndjson');
    const { code, said } = await generate(...words, '--out', file);
    expect(code).toBe(0);
    expect(said).toEqual([`30 lignes dans ${file}`]);
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  it.each([
    [['--flow', 'no-such-flow', '--count', '1'], 1, 'flow.unknown'],
    [['--flow', 'insi', '--object', 'no-such-object', '--count', '1'], 1, 'Objets de ce flux : search'],
    [['--flow', 'insi', '--count', '-1'], 2, 'valeur refusée'],
    [['--flow', 'insi', '--count', '1', '--today', '2026-02-30'], 2, 'valeur refusée'],
    [['--flow', 'insi'], 2, 'option obligatoire absente'],
  ])('refuses %j and writes nothing', async (words, expected, reason) => {
    const { code, written, said } = await generate(...words);
    expect(code).toBe(expected);
    expect(written).toBe('');
    expect(said.join('\n')).toContain(reason);
  });

  it('returns once the last line is written, however slow the reader', async () => {
    let written = '';
    const slow = new Writable({
      write(chunk: Buffer, _encoding, done) {
        setTimeout(() => {
          written += chunk.toString();
          done();
        }, 50);
      },
    });
    const say = () => undefined;
    await runCli(['generate', '--flow', 'insi', '--count', '3'], { out: say, err: say, stdout: slow });
    expect(written.trimEnd().split('\n')).toHaveLength(3);
  });

  it('draws no faster than it is read', async () => {
    let taken = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer) {
        // never says that it is ready for more
        taken += chunk.length;
      },
    });
    const before = process.memoryUsage().heapUsed;
    const endless = runCli(
      ['generate', '--flow', 'dmst-portability', '--object', 'response', '--count', '10000000'],
      {
        out: () => undefined,
        err: () => undefined,
        stdout: slow,
      },
    );
    for (let turn = 0; turn < 2000; turn += 1) await setImmediate();
    expect(taken).toBeLessThan(1_000_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    slow.destroy(Object.assign(new Error('closed'), { code: 'EPIPE' }));
    expect(await endless).toBe(0);
  });
});
