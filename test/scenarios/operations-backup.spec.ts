/** The drill: a copy made while messages flow takes the place of the database, and nothing comes twice unmarked. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentWith, readConfiguration } from '../../apps/broker/src/config/environment.ts';
import { createLog } from '../../apps/broker/src/engine/log.ts';
import { type RunningBroker, startBroker } from '../../apps/broker/src/start.ts';
import { startPartner, startService } from '../../apps/cli/src/demo/simulators.ts';
import type { Balance } from '../../apps/cli/src/ledger/balance.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { command } from '../builders/command.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const FLOW = 'internal-company-file';
const SAMPLES = join(import.meta.dirname, '../../contracts', FLOW, 'samples/valid');
const file = JSON.parse(readFileSync(join(SAMPLES, 'company-file.with-workers.json'), 'utf8')) as object;

interface Line {
  messageId: string;
  attempt: number;
  repeat: boolean;
}

describe('a backup and its restoration', () => {
  let relais: TestRelais;
  let service: Spsti;
  let copy: string;
  let keys: string;
  let restored: string;
  let broker: RunningBroker | undefined;
  let version = 10;
  const early: string[] = [];
  const around: string[] = [];
  const late: string[] = [];

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['internal-a'] });
    const { home } = relais.demo;
    [copy, keys, restored] = [`${home}-copy`, `${home}-keys`, `${home}-restored`];
    service = await startService(relais.demo, 'spsti-a', { relaisUrl: relais.partnersUrl, dossiers: [] });
  });
  afterAll(async () => {
    await broker?.stop();
    for (const folder of [copy, keys, restored]) rmSync(folder, { recursive: true, force: true });
    await relais.close();
  });

  const send = async (): Promise<string> => {
    const data = JSON.stringify({ ...file, version: version++ });
    const { id } = await service.client.send({
      id: `sent-${version}`,
      type: `fr.relais-st.${FLOW}.company-file.v1`,
      datacontenttype: 'application/json',
      recipient: 'internal-a',
      data,
    });
    return id;
  };
  const lines = (): Line[] => {
    const path = join(relais.demo.home, 'demo/internal-a/received.ndjson');
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  };
  const staff = (relaisUrl: string) => startPartner(relais.demo, 'internal-a', { relaisUrl });
  const messagesOf = (path: string): Set<unknown> => {
    const database = new Database(path, { readonly: true });
    try {
      return new Set(database.prepare('SELECT id FROM message').pluck().all());
    } finally {
      database.close();
    }
  };
  const allReceived = (ids: readonly string[]) =>
    eventually(async () => {
      const known = new Set(lines().map(({ messageId }) => messageId));
      return ids.every((id) => known.has(id));
    }, 60);

  it('is made while messages flow, and holds no key', async () => {
    for (let i = 0; i < 3; i++) early.push(await send());
    const flowing = Promise.all(Array.from({ length: 5 }, async () => around.push(await send())));
    const made = await command(relais.demo.home, ['backup', copy, '--keys', keys]);
    await flowing;
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(copy).sort()).toEqual(['manifest.json', 'relais.sqlite']);
    expect(existsSync(join(keys, 'keys/kek'))).toBe(true);
    expect(statSync(join(keys, 'keys/kek')).mode & 0o777).toBe(0o600);
    const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')) as {
      elsewhere: { path: string }[];
      kekIds: string[];
    };
    expect(manifest.elsewhere.map(({ path }) => path)).toContain('keys/kek');
    expect(manifest.kekIds).toHaveLength(1);
    expect(statSync(join(copy, 'relais.sqlite')).mode & 0o777).toBe(0o600);
    const ids = messagesOf(join(copy, 'relais.sqlite'));
    expect(early.every((id) => ids.has(id))).toBe(true);
    for (let i = 0; i < 2; i++) late.push(await send());
  });

  it('is not made over another one, nor with the keys beside the data', async () => {
    const { home } = relais.demo;
    expect(await command(home, ['backup', copy])).toMatchObject({
      code: 1,
      err: expect.stringContaining('existe'),
    });
    const beside = await command(home, ['backup', `${copy}-2`, '--keys', join(`${copy}-2`, 'keys')]);
    expect(beside).toMatchObject({ code: 1, err: expect.stringContaining('ensemble, elles se lisent') });
    expect(existsSync(`${copy}-2`)).toBe(false);
    const alone = await command(home, ['backup', `${copy}-2`]);
    expect(alone.out).toMatch(/N’y sont pas, et sont à garder ailleurs : \d+ fichiers/);
    rmSync(`${copy}-2`, { recursive: true });
  });

  it('is refused when it is not whole, or where a database stands', async () => {
    const { home } = relais.demo;
    expect(await command(restored, ['restore', keys])).toMatchObject({
      code: 1,
      err: expect.stringContaining('n’est pas une sauvegarde'),
    });
    const broken = `${copy}-broken`;
    cpSync(copy, broken, { recursive: true });
    writeFileSync(join(broken, 'relais.sqlite'), 'x', { flag: 'a' });
    expect(await command(restored, ['restore', broken])).toMatchObject({
      code: 1,
      err: expect.stringContaining('n’est pas la base'),
    });
    rmSync(broken, { recursive: true });
    expect(await command(home, ['restore', copy])).toMatchObject({
      code: 1,
      err: expect.stringContaining('existe déjà'),
    });
  });

  it('takes the place of a lost database: what goes again says so, and the ledger names what is missing', async () => {
    const first = await staff(relais.partnersUrl);
    await allReceived([...early, ...around, ...late]);
    await first.close();
    await service.close();
    await relais.broker.stop();
    const done = await command(restored, ['restore', copy, '--keys', keys]);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).not.toContain('Attention');
    const kept = messagesOf(join(restored, 'relais.sqlite'));
    const missing = [...early, ...around, ...late].filter((id) => !kept.has(id));
    expect(missing).toEqual(expect.arrayContaining(late));
    const before = lines().length;

    broker = await startBroker(
      readConfiguration(
        environmentWith({
          RELAIS_HOME: restored,
          RELAIS_PARTNERS_PORT: '0',
          RELAIS_PEOPLE_PORT: '0',
          RELAIS_HEALTH_PORT: '0',
          RELAIS_OIDC_CLIENT_SECRET: relais.demo.clientSecret,
          RELAIS_LOG_LEVEL: 'silent',
        }),
      ),
      createLog('silent'),
    );
    const second = await staff(`https://localhost:${broker.ports.partners}`);
    const again = [...early, ...around].filter((id) => kept.has(id));
    await eventually(async () => {
      const repeated = new Set(
        lines()
          .slice(before)
          .map(({ messageId }) => messageId),
      );
      return again.every((id) => repeated.has(id));
    }, 60);
    await second.close();
    const repeats = lines().slice(before);
    expect(repeats.filter(({ attempt, repeat }) => attempt < 2 || !repeat)).toEqual([]);

    const sent = `spsti-a=${join(relais.demo.home, 'demo/spsti-a/receipts')}`;
    const received = `internal-a=${join(relais.demo.home, 'demo/internal-a/received.ndjson')}`;
    const books = await command(restored, ['ledger', '--sent', sent, '--received', received, '--json']);
    const { lost, unexplained, twice } = JSON.parse(books.out) as Balance;
    expect(twice).toEqual([]);
    const named = (troubles: Balance['lost']) => troubles.map(({ messageId }) => messageId).sort();
    expect(named(lost)).toEqual([...missing].sort());
    // its recipient already has them: nobody needs to send them again
    expect(named(unexplained)).toEqual([...missing].sort());
  }, 120_000);
});
