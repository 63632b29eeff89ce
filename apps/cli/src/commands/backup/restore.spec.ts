import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '#storage';
import { readConfiguration } from '../../../../broker/src/config/environment.ts';
import type { Cli } from '../../cli.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

describe('a restoration', () => {
  let folder: string;
  let copy: string;

  const cli = (home: string): Cli => ({
    out: () => undefined,
    err: () => undefined,
    now: () => new Date(),
    exitCode: 0,
    configuration: async () => readConfiguration({ RELAIS_HOME: home }),
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relais-restore-'));
    copy = join(folder, 'copy');
    const home = join(folder, 'before');
    const store = await openStore({ file: join(home, 'relais.sqlite') });
    await store.close();
    await backup(cli(home), copy, undefined);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('puts the copy where nothing is', async () => {
    const home = join(folder, 'fresh');
    await restore(cli(home), copy, undefined);
    expect(existsSync(join(home, 'relais.sqlite'))).toBe(true);
  });

  it('refuses a folder where the log of another database was left, and touches nothing', async () => {
    const home = join(folder, 'crashed');
    const log = join(home, 'relais.sqlite-wal');
    mkdirSync(home);
    writeFileSync(log, 'of a broker that died');
    await expect(restore(cli(home), copy, undefined)).rejects.toMatchObject({ code: 'state.conflict' });
    expect(readFileSync(log, 'utf8')).toBe('of a broker that died');
    expect(existsSync(join(home, 'relais.sqlite'))).toBe(false);
  });
});
