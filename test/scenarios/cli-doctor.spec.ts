import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newKekText } from '#protection';
import { openStore } from '#storage';
import { environmentWith } from '../../apps/broker/src/config/environment.ts';
import { writeAgreements } from '../../apps/cli/src/demo/demo-home.ts';
import { Authority } from '../../apps/cli/src/pki/authority.ts';
import { command, type Ran } from '../builders/command.ts';
import { ask } from '../builders/relais.ts';
import { aDemoHome } from '../builders/rsa-keys.ts';

const ROOT = join(import.meta.dirname, '../..');
const DAY_MS = 86_400_000;

/** Home folder of a demo that never started, and a copy for each test. */
let fresh: string;
let home: string;
let folder: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'var/test'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'var/test/doctor-'));
  fresh = join(folder, 'fresh');
  const demo = await aDemoHome(fresh);
  writeAgreements(demo, {
    pushEndpoint: 'https://localhost:9/relais',
    staffIssuer: 'http://localhost:8445/spsti-b',
    operatorIssuer: 'http://localhost:8445/operator',
  });
  for (const port of ['PARTNERS', 'PEOPLE', 'HEALTH']) vi.stubEnv(`RELAIS_${port}_PORT`, '0');
});
let copies = 0;
beforeEach(() => {
  home = join(folder, `home-${copies++}`);
  cpSync(fresh, home, { recursive: true });
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const at = (path: string) => join(home, path);
const inDays = (days: number) => () => new Date(Date.now() + days * DAY_MS);
const doctor = (...words: string[]): Promise<Ran> => command(home, ['doctor', ...words]);

/** Levels and subjects of what is not ok. */
function troubles({ out }: Ran): string[] {
  return out
    .split('\n')
    .filter((line) => /^(attention|erreur) /.test(line))
    .map((line) => line.replace(/^(\w+) +(.+?) {2}.*/, '$1 $2'));
}

/** The line about one subject. */
function about({ out }: Ran, subject: string): string {
  return out.split('\n').find((line) => line.slice(11).startsWith(subject)) ?? '';
}

describe('the doctor', () => {
  it('finds a fresh demo home good, and changes nothing in it', async () => {
    const before = spawnSync('ls', ['-lR', home]).stdout.toString();
    const ran = await doctor();
    expect(ran).toMatchObject({ code: 0, err: '' });
    // the demo names its simulator when it starts
    expect(troubles(ran)).toEqual(['attention INSi']);
    expect(ran.out).toMatch(/\n\d+ ok, 1 attention, 0 erreur\n$/);
    expect(spawnSync('ls', ['-lR', home]).stdout.toString()).toBe(before);
  });

  const faults: [name: string, plant: () => void | Promise<void>, trouble: string, says: RegExp][] = [
    [
      'a misspelt setting',
      () => void vi.stubEnv('RELAIS_HOMME', 'x'),
      'erreur configuration',
      /RELAIS_HOMME: is not a setting/,
    ],
    [
      'a folder that others may change',
      () => chmodSync(home, 0o777),
      'erreur dossier',
      /mode 0777 ?.* → chmod 700/,
    ],
    [
      'a secret that others may read',
      () => chmodSync(at('pki/partners/dmp.enc.key'), 0o644),
      'erreur secrets',
      /pki\/partners\/dmp\.enc\.key/,
    ],
    [
      'a partners file that is no JSON',
      () => writeFileSync(at('partners.json'), '{'),
      'erreur fichier des partenaires',
      /it is not JSON/,
    ],
    [
      'a partner with its queue in a RabbitMQ that there is not',
      () => {
        const file = readFileSync(at('partners.json'), 'utf8');
        writeFileSync(at('partners.json'), file.replace('"mailbox"', '"amqp"'));
      },
      'erreur fichier des partenaires',
      /needs AMQP_URL/,
    ],
    [
      'a staff issuer without registration',
      () => writeFileSync(at('openid.json'), '{}', { mode: 0o600 }),
      'erreur OpenID',
      /aucun client OpenID enregistré pour spsti-b/,
    ],
    [
      'a key that is not the certificate’s',
      () => cpSync(at('pki/broker.client.key'), at('pki/broker.key')),
      'erreur certificat du courtier',
      /la clé privée n’est pas la sienne/,
    ],
    [
      'a client certificate that is a server’s',
      () => {
        cpSync(at('pki/broker.crt'), at('pki/broker.client.crt'));
        cpSync(at('pki/broker.key'), at('pki/broker.client.key'));
      },
      'erreur certificat de ses envois',
      /d’un autre usage/,
    ],
    [
      'a revocation list of another authority',
      () => cpSync(at('pki/insi/ca.crl'), at('pki/ca.crl')),
      'erreur autorités',
      /liste de révocation d’une autre autorité/,
    ],
    [
      'a partner to whom nothing can be sealed',
      () => cpSync(at('pki/partners/spsti-b.crt'), at('pki/partners/spsti-b.enc.crt')),
      'erreur fichier des partenaires',
      /\/partners\/1\/keys\/enc\/0: must be the PEM certificate of an RSA key/,
    ],
    [
      'no database at all in its file',
      () => writeFileSync(at('relais.sqlite'), 'x'.repeat(9000), { mode: 0o600 }),
      'erreur base',
      /SQLITE_NOTADB/,
    ],
    [
      'a database of a newer version',
      async () => {
        await (await openStore({ file: at('relais.sqlite') })).close();
        new Database(at('relais.sqlite'))
          .exec(`INSERT INTO migrations (timestamp, name) VALUES (9, 'Later')`)
          .close();
      },
      'erreur base',
      /version plus récente \(Later\)/,
    ],
    [
      'a key-encryption key that is none',
      () => writeFileSync(at('keys/kek'), 'short', { mode: 0o600 }),
      'erreur clé de chiffrement (KEK)',
      /32 octets/,
    ],
    [
      'no key-encryption key though messages need one',
      async () => {
        await (await openStore({ file: at('relais.sqlite') })).close();
        messageUnder('kek-1');
      },
      'erreur clé de chiffrement (KEK)',
      /absente, et des messages en ont besoin/,
    ],
    [
      'another key-encryption key than messages need',
      async () => {
        await (await openStore({ file: at('relais.sqlite') })).close();
        messageUnder('kek-1');
        writeFileSync(at('keys/kek'), newKekText(), { mode: 0o600 });
      },
      'erreur clé de chiffrement (KEK)',
      /1 clé\(s\) manquent/,
    ],
  ];

  it.each(faults)('names %s', async (_name, plant, trouble, says) => {
    await plant();
    const ran = await doctor();
    vi.stubEnv('RELAIS_HOMME', undefined);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(troubles(ran)).toContain(trouble);
    expect(about(ran, trouble.replace(/^\w+ /, ''))).toMatch(says);
    expect(ran.out).not.toMatch(/\n\s+at |BEGIN/);
  });

  it('sees certificates end: 60, 30 and 7 days before, then too late', async () => {
    // leaves of the test authority last three years less an hour, its list thirty days
    const levels = [];
    for (const left of [70, 50, 20, 5, -1]) {
      const now = inDays(3 * 365 - left);
      await freshList(now());
      const ran = await command(home, ['doctor'], { now });
      levels.push([
        about(ran, 'certificat du courtier').slice(0, 9).trim(),
        about(ran, 'spsti-a, enc-h').slice(0, 9).trim(),
      ]);
    }
    expect(levels).toEqual([
      ['ok', ''],
      ['attention', 'attention'],
      ['attention', 'attention'],
      ['erreur', 'erreur'],
      ['erreur', 'erreur'],
    ]);
  });

  it('sees the revocation list get old, and a clock that is behind', async () => {
    const late = await command(home, ['doctor'], { now: inDays(31) });
    expect(about(late, 'liste de révocation')).toMatch(/^erreur .+tout certificat est refusé/);
    const soon = await command(home, ['doctor'], { now: inDays(29) });
    expect(about(soon, 'liste de révocation')).toMatch(/^attention /);
    const behind = await command(home, ['doctor'], { now: inDays(-2) });
    expect(about(behind, 'horloge')).toMatch(/^erreur /);
  });

  it('tells a port that another program holds from a broker that is not ready', async () => {
    let answer = { status: 404, body: '{}' };
    const other = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    vi.stubEnv('RELAIS_HEALTH_PORT', String(port));
    try {
      expect(about(await doctor(), 'port de santé')).toMatch(/^erreur .+EADDRINUSE/);
      answer = { status: 503, body: '{"status":"down","checks":{"process":"up","writer":"down"}}' };
      vi.stubEnv('RELAIS_PEOPLE_PORT', String(port));
      const ran = await doctor();
      expect(about(ran, 'courtier')).toMatch(/^erreur .+\(writer down\)/);
      expect(about(ran, 'port des personnes')).toMatch(/^ok .+répond/);
      expect(about(ran, 'port des partenaires')).toMatch(/^erreur .+ne répond pas/);
    } finally {
      other.close();
      vi.stubEnv('RELAIS_HEALTH_PORT', '0');
      vi.stubEnv('RELAIS_PEOPLE_PORT', '0');
    }
  });

  it('refuses for production all that serves a demo', async () => {
    writeFileSync(at('keys/kek'), newKekText(), { mode: 0o600 });
    vi.stubEnv('RELAIS_INSI_URL', 'https://127.0.0.1:9/insi');
    const ran = await doctor('--production');
    vi.stubEnv('RELAIS_INSI_URL', undefined);
    expect(ran.code).toBe(1);
    expect(new Set(troubles(ran).filter((line) => line.startsWith('erreur ')))).toEqual(
      new Set([
        'erreur clé de chiffrement (KEK)',
        'erreur réglages',
        'erreur autorité de test',
        'erreur mandat INSi de spsti-a',
        'erreur mandat INSi de spsti-b',
        'erreur INSi',
        'erreur émetteur des personnes',
        'erreur émetteur des exploitants',
        'erreur émetteur de spsti-b',
        'erreur adresse de spsti-b',
        'erreur adresse des personnes',
        'erreur reste d’essai',
      ]),
    );
    expect(ran.out).toMatch(/RELAIS_ENVIRONMENT n’est pas production/);
    expect(ran.out).toMatch(/RELAIS_OIDC_ISSUER must be https in production/);
    expect(ran.out).toMatch(/à côté des données \(.+keys\/kek\)/);
    expect(ran.out).toMatch(/TEST AC RELAIS/);
    expect((await doctor()).code).toBe(0);
  });

  it('refuses for production a channel that leads to a simulator, or speaks as only a simulator does', async () => {
    const file = at('partners.json');
    const before = readFileSync(file, 'utf8');
    const { partners } = JSON.parse(before) as { partners: Record<string, unknown>[] };
    const endpoint = 'https://localhost:9/repository';
    const existence = { endpoint: 'https://dmp.example/existence', form: 'relais-1' };
    const channels = { 'xds-b': { endpoint, vihfVersion: '4.0', sector: 'SA13', existence } };
    const opened = partners.map((one) => (one['id'] === 'spsti-b' ? { ...one, channels } : one));
    writeFileSync(file, JSON.stringify({ partners: opened }));
    const { out } = await doctor('--production');
    writeFileSync(file, before);
    expect(out).toMatch(/canal xds-b de spsti-b.+localhost:9.+simulateur/);
    expect(out).toMatch(/canal xds-b de spsti-b.+relais-1/);
  });

  it('refuses for production roles that nobody has, and a database reached in clear', async () => {
    const said = async (settings: Record<string, string>) => {
      for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
      const { out } = await doctor('--production');
      for (const name of Object.keys(settings)) vi.stubEnv(name, '');
      return out;
    };
    const alone = await said({ RELAIS_ROLES: 'intake,prepare,deliver,portal', RELAIS_LOG_LEVEL: 'debug' });
    expect(alone).toMatch(/erreur +rôles +sans keeper, ni échéances/);
    expect(alone).toMatch(/attention +journal technique/);
    const url = 'postgres://relais:secret@db.example.invalid/relais';
    const far = await said({
      RELAIS_ROLES: 'intake',
      DATABASE_URL: url,
      AMQP_URL: 'amqp://relais:secret@mq.example.invalid',
    });
    expect(far).toMatch(/erreur +file \(AMQP_URL\) +sans TLS vers mq\.example\.invalid/);
    expect(far).toMatch(/attention +rôles +sans keeper ici/);
    expect(far).toMatch(/erreur +base \(DATABASE_URL\) +sans TLS vers db\.example\.invalid/);
    expect(far).not.toContain('secret@');
    expect(await said({ DATABASE_URL: `${url}?sslmode=verify-full` })).not.toMatch(/sans TLS vers/);
    expect(await said({ DATABASE_URL: 'postgres://relais:secret@127.0.0.1:1/x' })).not.toMatch(
      /sans TLS vers/,
    );
  });
});

describe('the real program', () => {
  const bin = join(ROOT, 'bin/relais.mjs');
  const relais = (...words: string[]) => spawnSync(bin, words, { encoding: 'utf8', timeout: 120_000 });

  it('speaks French, and tells a bad call from a refusal', () => {
    const help = relais('--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['start', 'demo', 'doctor', 'partner', 'send', 'mailbox', 'journal', 'bench'])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const words of [
      [],
      ['partner'],
      ['partner', 'add'],
      ['send'],
      ['mailbox'],
      ['journal', 'verify'],
      ['doctor'],
    ]) {
      const { status, stdout } = relais(...words, '--help');
      expect(status).toBe(0);
      expect(stdout).not.toMatch(/Usage:|Options:|Commands:|display help|default:|choices:/);
    }
    for (const words of [['nothing'], ['send', 'x'], ['doctor', '--fast'], ['doctor', 'x'], ['partner']])
      expect(relais(...words).status).toBe(2);
    expect(relais('doctor', '--fast').stderr).toBe('relais : option inconnue : --fast (voir --help)\n');
    expect(relais('--home', join(folder, 'nowhere'), 'doctor')).toMatchObject({ status: 1, stderr: '' });
  });

  it('starts a broker in its own process, which the doctor sees, and ends it cleanly', async () => {
    const child = spawn(bin, ['--home', home, 'start'], {
      env: environmentWith({ RELAIS_LOG_LEVEL: 'info' }),
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const partner = new Agent({
      connect: {
        cert: readFileSync(at('pki/partners/spsti-a.crt')),
        key: readFileSync(at('pki/partners/spsti-a.key')),
        ca: readFileSync(at('pki/ca.crt')),
      },
    });
    let said = '';
    child.stdout.on('data', (text) => {
      said += String(text);
    });
    await vi.waitUntil(() => said.includes('relais is ready'), { timeout: 60_000 });
    const line = said.split('\n').find((text) => text.includes('relais is ready')) ?? '';
    const { ports } = JSON.parse(line) as { ports: Record<'partners' | 'people' | 'health', number> };
    for (const [name, port] of Object.entries(ports))
      vi.stubEnv(`RELAIS_${name.toUpperCase()}_PORT`, String(port));
    try {
      const ran = await doctor();
      expect(about(ran, 'courtier')).toMatch(/^ok .+prêt/);
      expect(troubles(ran)).toEqual(['attention INSi']);
      // told to read its keys again, it goes on
      child.kill('SIGHUP');
      await vi.waitUntil(() => said.includes('keys and certificates read again'), { timeout: 30_000 });
      // called from another folder, it still finds its contracts
      const flow = await ask(`https://localhost:${ports.partners}/v1/flows/insi`, {}, partner);
      expect([flow.status, Object.keys(Object(flow.json['samples']))]).toEqual([
        200,
        expect.arrayContaining(['search.adrun.json']),
      ]);
    } finally {
      await partner.close();
      for (const name of Object.keys(ports)) vi.stubEnv(`RELAIS_${name.toUpperCase()}_PORT`, '0');
      child.kill('SIGTERM');
    }
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('says in one line why a broker does not start', () => {
    appendFileSync(at('partners.json'), ']');
    const { status, stderr } = relais('--home', home, 'start');
    expect([status, stderr.split('\n')[0]]).toEqual([1, expect.stringMatching(/^configuration\.invalid : /)]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

/** The authority's list made anew at that instant. */
async function freshList(now: Date): Promise<void> {
  const [certificate, key] = [readFileSync(at('pki/ca.crt'), 'utf8'), readFileSync(at('pki/ca.key'), 'utf8')];
  const authority = await Authority.open(certificate, key, now);
  writeFileSync(at('pki/ca.crl'), await authority.crl(undefined, []));
}

/** A message in the database whose key is wrapped under that key-encryption key. */
function messageUnder(kekId: string): void {
  const database = new Database(at('relais.sqlite'));
  const columns = database.pragma('table_info(message)') as { name: string; type: string }[];
  const values = columns.map(({ name, type }) =>
    name === 'kek_id' ? kekId : type === 'BLOB' ? Buffer.of(1) : type === 'INTEGER' ? 1 : 'x',
  );
  database.prepare(`INSERT INTO message VALUES (${values.map(() => '?').join()})`).run(values);
  database.close();
}
