import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENDLESS, pdfOf } from '../../fixtures/pdf.ts';
import { Inspectors, type InspectorsOptions } from './inspectors.ts';

const GOOD = pdfOf('[]');
const SCRIPT = pdfOf('<</S/JavaScript/JS(x)>>');
const HUNGRY = pdfOf(`[${'<<>>'.repeat(4_000_000)}]`);
const TOO_COMPLEX = [expect.objectContaining({ code: 'pdf.too-complex' })];

let inspectors: Inspectors;

function start(options: Partial<InspectorsOptions> = {}): void {
  inspectors = new Inspectors({ processes: 2, waiting: 200, milliseconds: 20_000, ...options });
}

const codesOf = async (pdf: Uint8Array): Promise<string[]> =>
  (await inspectors.inspect(pdf)).map(({ code }) => code);

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** the inspection processes that a process has started and that run */
function inspectionsOf(parent: number): number[] {
  return readdirSync(`/proc/${parent}/task`)
    .flatMap((task) => readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').split(' '))
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('inspect-process'))
    .map(Number);
}

const ours = (): number[] => inspectionsOf(process.pid);

function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
  } catch {
    return undefined;
  }
}

/** a zombie runs no more, and whoever inherited it may never ask how it ended */
const runs = (pid: number): boolean => !['Z', undefined].includes(statOf(pid)?.[0]);

/** processor time, clock ticks (10 ms) */
const worked = (pid: number): number => Number(statOf(pid)?.[11]);

afterEach(() => inspectors.close());

describe('inspection processes', () => {
  it('are kept from one PDF to the next, no more of them than told', async () => {
    start();
    expect(ours()).toEqual([]);
    const seen = new Set<number>();
    for (let round = 0; round < 25; round += 1) {
      const answers = await Promise.all(times(4, () => inspectors.inspect(GOOD)));
      expect(answers).toEqual([[], [], [], []]);
      for (const pid of ours()) seen.add(pid);
    }
    expect(seen.size).toBe(2);
  });

  it('have an empty environment, and may neither write a file nor start a program', async () => {
    start({ processes: 1 });
    await inspectors.inspect(GOOD);
    const [pid] = ours();
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    expect(words).toContain('--permission');
    expect(words.filter((word) => word.startsWith('--allow'))).toEqual(['--allow-fs-read=*']);
  });

  it('leave the event loop free', async () => {
    start({ milliseconds: 3_000 });
    await inspectors.inspect(GOOD);
    let longest = 0;
    let last = performance.now();
    const turns = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    expect(await inspectors.inspect(ENDLESS)).toEqual(TOO_COMPLEX);
    clearInterval(turns);
    // the limit of the endless one, had it held up the loop
    expect(longest).toBeLessThan(2_000);
  });

  it('are replaced after a thousand PDFs', async () => {
    start({ processes: 1 });
    await inspectors.inspect(GOOD);
    const [first] = ours();
    for (let round = 0; round < 998; round += 1) await inspectors.inspect(GOOD);
    expect(ours()).toEqual([first]);
    await inspectors.inspect(GOOD);
    expect(ours()).toEqual([]);
    expect(await codesOf(SCRIPT)).toEqual(['pdf.javascript']);
  });

  it('are replaced when they keep too much of what they read', async () => {
    start({ processes: 1, milliseconds: 60_000 });
    await inspectors.inspect(GOOD);
    expect(ours()).toHaveLength(1);
    // the parser keeps every name it has ever met
    const names = Array.from({ length: 500_000 }, (_, n) => `/N${n}`).join('');
    expect(await codesOf(pdfOf(`[${names}]`))).toEqual([]);
    expect(ours()).toEqual([]);
    expect(await codesOf(GOOD)).toEqual([]);
  }, 120_000);

  it('say the same of a PDF whatever they read before', async () => {
    start({ processes: 1 });
    const files: readonly [Uint8Array, string[]][] = [
      [GOOD, []],
      [SCRIPT, ['pdf.javascript']],
      [pdfOf('<</S/Launch/Type/EmbeddedFile/Launch<</JS 3 0 R/AA 1 0 R>>>>'), []],
      [pdfOf('<</#41A<<>>/Type/#46ilespec>>'), ['pdf.external-reference']],
      [pdfOf('<</A'), ['pdf.unreadable']],
      [new Uint8Array(), ['pdf.unreadable']],
      [Buffer.alloc(100_000, '%PDF-%%EOF'), ['pdf.unreadable']],
    ];
    const expected = await Promise.all(
      files.map(async ([pdf, codes]) => ({ pdf, codes: codes.length > 0 ? codes : await codesOf(pdf) })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...expected), { maxLength: 20 }), async (order) => {
        for (const { pdf, codes } of order) expect(await codesOf(pdf)).toEqual(codes);
      }),
      { numRuns: 30 },
    );
    expect(ours()).toHaveLength(1);
  });
});

describe('a hostile PDF', () => {
  it('that takes too long disturbs neither its neighbours nor the next', async () => {
    start({ milliseconds: 3_000 });
    const [slow, ...others] = await Promise.all([
      inspectors.inspect(ENDLESS),
      ...times(50, () => inspectors.inspect(GOOD)),
    ]);
    expect(slow).toEqual(TOO_COMPLEX);
    expect(others).toEqual(times(50, () => []));
    expect(ours()).toHaveLength(1);
    expect(await Promise.all([codesOf(GOOD), codesOf(SCRIPT)])).toEqual([[], ['pdf.javascript']]);
  });

  it('that eats all the memory disturbs neither its neighbours nor the next', async () => {
    start();
    const [hungry, ...others] = await Promise.all([
      inspectors.inspect(HUNGRY),
      ...times(50, () => inspectors.inspect(GOOD)),
    ]);
    expect(hungry).toEqual(TOO_COMPLEX);
    expect(others).toEqual(times(50, () => []));
    expect(await Promise.all([codesOf(GOOD), codesOf(SCRIPT)])).toEqual([[], ['pdf.javascript']]);
  }, 120_000);

  it('does not eat the time of those that wait behind it', async () => {
    start({ processes: 1, milliseconds: 3_000 });
    const answers = await Promise.all([ENDLESS, GOOD, ENDLESS, GOOD].map((pdf) => inspectors.inspect(pdf)));
    expect(answers).toEqual([TOO_COMPLEX, [], TOO_COMPLEX, []]);
  });
});

describe('an innocent PDF is not condemned', () => {
  it('when its process was ended while it was idle', async () => {
    start();
    await Promise.all([inspectors.inspect(GOOD), inspectors.inspect(GOOD)]);
    const before = ours();
    expect(before).toHaveLength(2);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    // nobody here has heard of it yet
    expect(await codesOf(SCRIPT)).toEqual(['pdf.javascript']);
    expect(ours().some((pid) => before.includes(pid))).toBe(false);
  });

  it('when Ctrl-C or the end of the service reaches its process', async () => {
    start({ processes: 1 });
    await inspectors.inspect(GOOD);
    const [pid] = ours();
    const answer = inspectors.inspect(pdfOf(`[${'1 '.repeat(500_000)}]`));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.kill(Number(pid), signal);
      await setTimeout(20);
    }
    expect(await answer).toEqual([]);
    expect(ours()).toEqual([pid]);
  });

  it('when it is the broker that was held up', async () => {
    start({ processes: 1, milliseconds: 800 });
    await inspectors.inspect(GOOD);
    const answer = inspectors.inspect(pdfOf(`[${'1 '.repeat(100_000)}]`));
    await setTimeout(30);
    const until = performance.now() + 1_500;
    while (performance.now() < until);
    expect(await answer).toEqual([]);
  });
});

describe('bounds', () => {
  it('refuses, to be tried again later, what would wait behind too many', async () => {
    start({ waiting: 3 });
    const answers = await Promise.allSettled(times(8, () => inspectors.inspect(GOOD)));
    expect(answers.map(({ status }) => status)).toEqual([
      ...times(5, () => 'fulfilled'),
      ...times(3, () => 'rejected'),
    ]);
    expect(answers.at(-1)).toMatchObject({
      reason: { code: 'store.unavailable', next: 'retry', retryAfter: 5 },
    });
    expect(await codesOf(GOOD)).toEqual([]);
  });

  it('ends its processes when closed, after the work it has accepted, and takes no more', async () => {
    start();
    const accepted = times(20, () => inspectors.inspect(GOOD));
    const closed = inspectors.close();
    await expect(inspectors.inspect(GOOD)).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await Promise.all(accepted)).toEqual(times(20, () => []));
    await closed;
    expect(ours()).toEqual([]);
    await inspectors.close();
  });
});

describe('the process that inspects outlives nobody', () => {
  /** a process that inspects one PDF, then waits when it is told to */
  const parentOf = (pdf: string, then: string) =>
    spawn(
      process.execPath,
      [
        '--conditions=source',
        '--input-type=module',
        '--eval',
        `import * as pdf from '${new URL('../../fixtures/pdf.ts', import.meta.url)}';
         import { InspectionProcess } from '${new URL('./inspection-process.ts', import.meta.url)}';
         const findings = await new InspectionProcess().inspect(${pdf}, 60_000);
         process.stdout.write(JSON.stringify(findings) + '\\n');
         ${then}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );

  it('when it is idle and its parent is killed', async () => {
    const parent = parentOf(`pdf.pdfOf('[]')`, 'setInterval(() => {}, 1_000);');
    const said = await new Promise((resolve) => parent.stdout.once('data', resolve));
    expect(String(said)).toBe('[]\n');
    const [child] = inspectionsOf(Number(parent.pid));
    expect(runs(Number(child))).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(runs(Number(child))).toBe(false), { timeout: 30_000, interval: 20 });
  });

  it('when it is at work without end and its parent is killed', async () => {
    const parent = parentOf('pdf.ENDLESS', '');
    const child = await vi.waitFor(
      () => {
        const [pid] = inspectionsOf(Number(parent.pid));
        // well beyond its start
        expect(worked(Number(pid))).toBeGreaterThan(120);
        return Number(pid);
      },
      { timeout: 60_000, interval: 50 },
    );
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(runs(child)).toBe(false), { timeout: 30_000, interval: 20 });
  });

  it('nor does it keep its parent alive once it is idle', async () => {
    const parent = parentOf(`pdf.pdfOf('[]')`, '');
    const code = await new Promise((resolve) => parent.once('exit', resolve));
    expect(code).toBe(0);
  });
});
