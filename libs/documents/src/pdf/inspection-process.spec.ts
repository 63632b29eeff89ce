import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pdfOf } from '../../fixtures/pdf.ts';
import { REFUSALS } from './findings.ts';
import { answerIn, LONGEST } from './inspection-answer.ts';
import { InspectionProcess, NotBegun } from './inspection-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'inspection-'));
afterAll(() => rmSync(folder, { recursive: true }));

let programs = 0;

/** one PDF for a process in whose place another program runs */
async function askInstead(program: string, startMs?: number): Promise<{ outcome: unknown; usable: boolean }> {
  programs += 1;
  const file = join(folder, `${programs}.mjs`);
  writeFileSync(file, program);
  const inspection = new InspectionProcess(file, startMs);
  try {
    const outcome = await inspection.inspect(pdfOf('[]'), 5_000).catch((error: unknown) => error);
    return { outcome, usable: inspection.usable };
  } finally {
    await inspection.end();
  }
}

const stay = 'setInterval(() => {}, 1_000);';
const say = (...lines: string[]): string =>
  `process.stdout.write(${JSON.stringify(lines.map((line) => `${line}\n`).join(''))});${stay}`;
const fine = '{"codes":[],"spent":false}';

describe('a process that does not speak as it should', () => {
  it.each([
    ['answers before it holds the PDF', say(fine)],
    ['names a code that is none', say('begun', '{"codes":["content of the PDF"],"spent":false}')],
    ['names a code of every object', say('begun', '{"codes":["toString"],"spent":false}')],
    ['answers something else', say('begun', 'null')],
    ['begins twice', say('begun', 'begun')],
    ['says no end', `process.stdout.write('begun\\n' + 'x'.repeat(1_000_000));${stay}`],
    ['leaves by itself', "process.stdout.write('begun\\n', () => process.exit(3));"],
  ])('gives no verdict and is used no more: it %s', async (_, program) => {
    const { outcome, usable } = await askInstead(program);
    expect(outcome).toBeInstanceOf(Error);
    expect(outcome).not.toBeInstanceOf(NotBegun);
    expect(usable).toBe(false);
  });

  it('is used no more when it says something after its answer', async () => {
    expect(await askInstead(say('begun', fine, fine))).toEqual({ outcome: [], usable: false });
  });

  it('gives no verdict when it does not start', async () => {
    for (const program of ['throw new Error();', "process.kill(process.pid, 'SIGKILL');"]) {
      const { outcome, usable } = await askInstead(program);
      expect(outcome).toBeInstanceOf(NotBegun);
      expect(usable).toBe(false);
    }
  });

  it('gives no verdict when it does not take the PDF in time, or is heard too late', async () => {
    const asked = askInstead(stay, 300);
    expect((await asked).outcome).toBeInstanceOf(NotBegun);
    const late = askInstead(say('begun'), 300);
    const until = performance.now() + 1_500;
    while (performance.now() < until);
    const { outcome, usable } = await late;
    expect(outcome).toBeInstanceOf(NotBegun);
    expect(usable).toBe(false);
  });

  it('may say that it is spent', async () => {
    expect(await askInstead(say('begun', fine))).toEqual({ outcome: [], usable: true });
    expect(await askInstead(say('begun', '{"codes":[],"spent":true}'))).toEqual({
      outcome: [],
      usable: false,
    });
  });
});

it('a PDF at a time, and none after the end', async () => {
  const inspection = new InspectionProcess();
  const first = inspection.inspect(pdfOf('[]'), 5_000);
  await expect(inspection.inspect(pdfOf('[]'), 5_000)).rejects.toThrow(TypeError);
  expect(await first).toEqual([]);
  await inspection.end();
  await expect(inspection.inspect(pdfOf('[]'), 5_000)).rejects.toThrow(NotBegun);
});

it('an answer with every code is not too long', () => {
  const line = JSON.stringify({ codes: Object.keys(REFUSALS), spent: false });
  expect(line.length).toBeLessThan(LONGEST);
  expect(answerIn(line)).toEqual({ codes: Object.keys(REFUSALS), spent: false });
});
