/** `relais contracts`: what a vendor and an operator learn of a contract before it changes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractHash } from '#contracts';
import { writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { command } from '../builders/command.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/sick-leave/samples');
let home: string;
let before: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'relais-contracts-'));
  writeAgreements(await aDemoHome(home, { partners: ['spsti-a', 'spsti-b', 'insi', 'cnam'] }), {});
  before = join(home, 'before.json');
  await command(home, ['contracts', 'export', '--out', before]);
}, 120_000);

afterAll(() => rmSync(home, { recursive: true }));

/** The same contracts, a word of sick-leave replaced everywhere, its hash made again. */
function renamed(from: string, to: string): string {
  const all = JSON.parse(readFileSync(before, 'utf8')) as {
    flows: { hash: string; contract: { flow: string }; schemas: object }[];
  };
  for (const flow of all.flows.filter(({ contract }) => contract.flow === 'sick-leave')) {
    flow.schemas = JSON.parse(JSON.stringify(flow.schemas).replaceAll(`"${from}"`, `"${to}"`)) as object;
    flow.hash = contractHash(flow as never);
  }
  const file = join(home, 'after.json');
  writeFileSync(file, JSON.stringify(all));
  return file;
}

describe('relais contracts diff', () => {
  it('names the partners of this home that a renamed code breaks, and fails', async () => {
    const { code, out } = await command(home, ['contracts', 'diff', before, renamed('MAT', 'MATERNITE')]);
    expect(code).toBe(1);
    expect(out).toContain('sick-leave.notice.v1 /stop/cause : code `MAT` retiré — casse cnam\n');
    expect(out).toContain(
      'sick-leave.notice.v1 /stop/cause : code `MATERNITE` ajouté — casse spsti-a, spsti-b\n',
    );
  });

  it('finds nothing between the same contracts, and does not fail', async () => {
    expect(await command(home, ['contracts', 'diff', before, before])).toEqual({
      code: 0,
      out: 'aucun changement\n',
      err: '',
    });
  });

  it('refuses an export that somebody changed by hand', async () => {
    const file = join(home, 'forged.json');
    writeFileSync(file, readFileSync(before, 'utf8').replace('"MAT"', '"MIT"'));
    const { code, err } = await command(home, ['contracts', 'diff', before, file]);
    expect(code).toBe(1);
    expect(err).toContain('forged.json n’est pas un export de contrats, ou il a été changé');
  });
});

describe('relais contracts check', () => {
  const check = (file: string) => command(home, ['contracts', 'check', 'sick-leave', join(SAMPLES, file)]);

  it('says that a good file conforms', async () => {
    expect(await check('valid/notice.begun-before-april-2022.json')).toMatchObject({
      code: 0,
      out: 'conforme\n',
    });
  });

  it('tells each place where a bad one does not', async () => {
    const { code, out } = await command(home, ['contracts', 'check', 'sick-leave', before]);
    expect(code).toBe(1);
    expect(out).toContain('[schema.required]');
  });

  it('knows no other flow', async () => {
    const { code, err } = await command(home, ['contracts', 'check', 'no-such-flow', before]);
    expect([code, err]).toEqual([1, expect.stringContaining('flow.unknown')]);
  });
});
