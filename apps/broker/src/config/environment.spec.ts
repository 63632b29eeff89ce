import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, it, describe as suite } from 'vitest';
import { BrokerError } from '#core';
import { envExample } from './env-example.ts';
import { describe, environmentWith, readConfiguration } from './environment.ts';
import { SETTINGS } from './setting.ts';

const key = Buffer.alloc(32, 7).toString('base64');

/** What is wrong, as the operator reads it. */
function problemsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfiguration(env);
  } catch (error) {
    if (error instanceof BrokerError) return (error.detail ?? '').split('\n').slice(1);
    throw error;
  }
  return [];
}

suite('the configuration', () => {
  it('is a working broker on one machine when no variable is set', () => {
    const configuration = readConfiguration({});
    expect(configuration).toMatchObject({
      home: `${process.cwd()}/var`,
      partnersFile: `${process.cwd()}/var/partners.json`,
      environment: 'test',
      host: '127.0.0.1',
      ports: { partners: 8443, people: 8444, health: 9464 },
      roles: ['intake', 'prepare', 'deliver', 'portal', 'keeper'],
      tls: { authorities: `${process.cwd()}/var/pki/ca.crt`, people: false },
      insi: { authorities: `${process.cwd()}/var/pki/ca.crt` },
      maxBodyBytes: 50_000_000,
    });
    expect(configuration.kek).toEqual({ file: `${process.cwd()}/var/keys/kek` });
  });

  it('lists everything that is wrong at once, in the order of the settings', () => {
    expect(
      problemsOf({
        RELAIS_PARTNERS_PORT: 'https',
        RELAIS_ROLES: 'intake,cook',
        RELAIS_KEK: 'c2VjcmV0',
        RELAIS_OIDC_ISSUER: 'not a url',
        RELAIS_SEAL_INTERVAL_MS: '1e3',
        RELAIS_LEASE_SECONDS: '0',
      }),
    ).toEqual([
      '  - RELAIS_KEK: must be 32 bytes in base64, or several separated by commas',
      '  - RELAIS_ROLES: must be among intake, prepare, deliver, portal, keeper',
      '  - RELAIS_PARTNERS_PORT: must be a whole number from 0 to 65535',
      '  - RELAIS_OIDC_ISSUER: must be an http or https URL without credentials',
      '  - RELAIS_LEASE_SECONDS: must be a number from 1 to 3600',
      '  - RELAIS_SEAL_INTERVAL_MS: must be a whole number from 50 to 3600000',
    ]);
  });

  it('never repeats a value in what it says is wrong', () => {
    const secret = 'hunter2-hunter2';
    for (const { name } of SETTINGS) expect(problemsOf({ [name]: secret }).join()).not.toContain(secret);
  });

  it('takes several key-encryption keys, newest first', () => {
    expect(readConfiguration({ RELAIS_KEK: `${key}, ${key}` }).kek.value?.reveal()).toBe(`${key}, ${key}`);
    expect(problemsOf({ RELAIS_KEK: `${key}${key}` })).toHaveLength(1);
  });

  it('refuses a misspelt setting rather than ignoring it', () => {
    expect(problemsOf({ RELAIS_PARTNER_PORT: '1' })).toEqual([
      '  - RELAIS_PARTNER_PORT: is not a setting; see .env.example',
    ]);
    expect(problemsOf({ RELAIS_REQUIRE_SERVICES: '1', RELAIS_SHARED: '/nowhere' })).toEqual([]);
  });

  it('refuses a database or a broker that this version does not speak to', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://relais:x@db/relais?options=-csearch_path%3Dx' })).toEqual([
      '  - DATABASE_URL: must not hold options: set them for the role in PostgreSQL',
    ]);
    expect(problemsOf({ DATABASE_URL: 'mysql://relais:x@db/relais', AMQP_URL: 'kafka://q' })).toEqual([
      '  - DATABASE_URL: must be a postgres:// address',
      '  - AMQP_URL: must be an amqp:// or amqps:// address',
    ]);
  });

  it('refuses RabbitMQ before a record that each process keeps for itself', () => {
    expect(problemsOf({ AMQP_URL: 'amqp://relais:x@queue' })).toEqual([
      '  - AMQP_URL: needs DATABASE_URL: RabbitMQ carries ids, the record that it points to must be shared',
    ]);
    const both = { AMQP_URL: 'amqps://relais:x@queue', DATABASE_URL: 'postgres://relais:x@db/relais' };
    expect(readConfiguration(both).amqpUrl?.reveal()).toBe(both.AMQP_URL);
  });

  it('takes an empty variable for an unset one', () => {
    const empty = Object.fromEntries(SETTINGS.map(({ name }) => [name, ' ']));
    expect(readConfiguration(empty)).toEqual(readConfiguration({}));
  });

  it('turns TLS on for people as soon as the address is not a loopback one', () => {
    expect(readConfiguration({ RELAIS_HOST: '0.0.0.0' }).tls.people).toBe(true);
    expect(readConfiguration({ RELAIS_HOST: '::1' }).tls.people).toBe(false);
    expect(readConfiguration({ RELAIS_PEOPLE_TLS: 'on' }).tls.people).toBe(true);
    expect(readConfiguration({ RELAIS_HOST: '127.0.0.1.example.org' }).tls.people).toBe(true);
    expect(problemsOf({ RELAIS_HOST: '0.0.0.0', RELAIS_PEOPLE_TLS: 'off' })).toEqual([
      '  - RELAIS_PEOPLE_TLS: cannot be off when RELAIS_HOST is not a loopback address',
    ]);
  });

  it('wants a TLS issuer with a client secret in production', () => {
    expect(problemsOf({ RELAIS_ENVIRONMENT: 'production' })).toEqual([
      '  - RELAIS_OIDC_ISSUER: must be https in production',
      '  - RELAIS_OIDC_CLIENT_SECRET: is needed in production',
    ]);
    expect(problemsOf({ RELAIS_OIDC_ISSUER: 'http://idp.example.org' })).toEqual([
      '  - RELAIS_OIDC_ISSUER: must be https, except on a loopback address',
    ]);
  });

  it('keeps a first wait that is longer than the longest out', () => {
    expect(problemsOf({ RELAIS_RETRY_FIRST_SECONDS: '9', RELAIS_RETRY_MAX_SECONDS: '8.5' })).toEqual([
      '  - RELAIS_RETRY_FIRST_SECONDS: must not be greater than RELAIS_RETRY_MAX_SECONDS',
    ]);
  });

  it('takes a secret from a file that holds it, and from no other setting', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-secret-'));
    const file = join(folder, 'database-url');
    writeFileSync(file, 'postgres://relais:open-sesame@db/relais\n');
    const url = (env: Record<string, string>) => readConfiguration(env).databaseUrl?.reveal();
    expect(url({ DATABASE_URL_FILE: file })).toBe('postgres://relais:open-sesame@db/relais');
    expect(url({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgres://db/other' })).toBe('postgres://db/other');
    rmSync(folder, { recursive: true });
    expect(problemsOf({ DATABASE_URL_FILE: file })).toEqual([
      '  - DATABASE_URL_FILE: cannot be read (ENOENT)',
    ]);
    expect(problemsOf({ RELAIS_KEK_FILE: '', RELAIS_HOME_FILE: file })).toEqual([
      '  - RELAIS_HOME_FILE: is not a setting; see .env.example',
    ]);
  });

  it('keeps the journal for ever, or as long as the ids of messages', () => {
    expect(readConfiguration({}).journalMonths).toBe(0);
    expect(readConfiguration({ RELAIS_JOURNAL_MONTHS: '14' }).journalMonths).toBe(14);
    const says = 'must not be shorter than RELAIS_KEY_MEMORY_DAYS: what is remembered has its journal';
    expect(problemsOf({ RELAIS_JOURNAL_MONTHS: '13' })).toEqual([`  - RELAIS_JOURNAL_MONTHS: ${says}`]);
    const short = { RELAIS_JOURNAL_MONTHS: '1', RELAIS_KEY_MEMORY_DAYS: '30' };
    expect(readConfiguration(short).journalMonths).toBe(1);
  });

  it('takes exactly the decimal numbers in range as a port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
        const trimmed = text.trim();
        const good = trimmed === '' || (/^[0-9]+(\.0+)?$/.test(trimmed) && Number(trimmed) <= 65535);
        expect(problemsOf({ RELAIS_HEALTH_PORT: text })).toHaveLength(good ? 0 : 1);
      }),
    );
  });

  it('shows its secrets to nobody who prints it, and to the one who asks', () => {
    const configuration = readConfiguration({ RELAIS_KEK: key, RELAIS_OIDC_CLIENT_SECRET: 'open-sesame' });
    const prints = [
      JSON.stringify(describe(configuration)),
      JSON.stringify(configuration),
      inspect(configuration, { depth: 9, showHidden: true }),
      `${configuration.openid.clientSecret} ${configuration.kek.value}`,
    ];
    for (const print of prints) {
      expect(print).toContain('••••••');
      expect(print).not.toContain('open-sesame');
      expect(print).not.toContain(key);
    }
    expect(configuration.openid.clientSecret?.reveal()).toBe('open-sesame');
    expect(configuration.kek.value?.reveal()).toBe(key);
  });

  it('cannot be changed once read', () => {
    const configuration = readConfiguration({});
    expect(() => Object.assign(configuration.ports, { people: 1 })).toThrow(TypeError);
    expect(() => Object.assign(configuration.roles, ['portal'])).toThrow(TypeError);
  });

  it('hands a child process the whole environment, with more on top', () => {
    expect(environmentWith({ RELAIS_HOST: '::1' })).toEqual({ ...process.env, RELAIS_HOST: '::1' });
  });

  it('is documented by .env.example, line for line', async () => {
    await expect(envExample()).toMatchFileSnapshot('../../../../.env.example');
  });

  it('takes .env.example with every line uncommented', () => {
    const lines = [...envExample().matchAll(/^#([A-Z_]+)=(.*)$/gm)];
    expect(lines).toHaveLength(SETTINGS.length + SETTINGS.filter(({ secret }) => secret).length);
    const env = Object.fromEntries(lines.map(([, name, value]) => [name, value]));
    expect(readConfiguration(env)).toEqual(readConfiguration({}));
  });
});
