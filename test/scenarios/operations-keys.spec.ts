/** Every key of Relais is changed while messages wait, are sealed and are held: all of them still arrive and are read. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompactEncrypt, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../builders/command.ts';
import { aDossier, asked, exchangesOf, OTHER_INS, rows, until, ZOE } from '../builders/portability.ts';
import { aRelais, ask, eventually, type TestRelais } from '../builders/relais.ts';

const DOUBT = { worker: { traits: ZOE, ins: OTHER_INS } };
const SEARCH = readFileSync(
  join(import.meta.dirname, '../../contracts/insi/samples/valid/search.adrun.json'),
);

describe('a rotation of every key with messages in flight', () => {
  let relais: TestRelais;
  let first: string;
  let second: string;
  let third: string;
  let before: { jwks: JSONWebKeySet; receipt: string; sealed: string; keks: unknown[] };

  beforeAll(async () => {
    relais = await aRelais();
    await relais.service('spsti-a', { dossiers: [aDossier()] });
    first = await asked(relais);
    await until(relais, first, ({ best }) => best !== undefined);
    second = await asked(relais, DOUBT);
    third = await asked(relais, DOUBT);
    const jwks = await keys();
    const sent = await send('before', SEARCH);
    const sealed = await sealedFor(jwks);
    before = { jwks, receipt: String(sent.json['receipt']), sealed, keks: kekIds() };
  });
  afterAll(() => relais.close());

  const keys = async () =>
    (await ask(`${relais.peopleUrl}/.well-known/jwks.json`)).json as unknown as JSONWebKeySet;
  const kids = (jwks: JSONWebKeySet, use: 'sig' | 'enc') =>
    jwks.keys.filter((key) => key.use === use).map(({ kid }) => kid);
  const cli = (...words: string[]) => command(relais.demo.home, words);
  const kekIds = () =>
    rows(relais, 'SELECT DISTINCT kek_id FROM message UNION SELECT kek_id FROM held_identity').map(
      ({ kek_id }) => kek_id,
    );
  const needed = () =>
    rows(
      relais,
      `SELECT kek_id FROM message WHERE wrapped_key IS NOT NULL
        UNION SELECT kek_id FROM held_identity WHERE wrapped_key IS NOT NULL
        UNION SELECT kek_id FROM dmst_request WHERE wrapped_key IS NOT NULL`,
    ).map(({ kek_id }) => kek_id);
  const pdf = async (request: string) =>
    (await relais.by('doctor-b')(`/v1/dmst-requests/${request}/summary.pdf`)).status;

  function send(id: string, body: string | Uint8Array, mediaType = 'application/json') {
    return relais.as('spsti-b')('/v1/messages', {
      body,
      headers: {
        'content-type': mediaType,
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': 'urn:relais:partner:spsti-b',
        'ce-type': 'fr.relais-st.insi.search.v1',
      },
    });
  }

  async function sealedFor(jwks: JSONWebKeySet): Promise<string> {
    const key = jwks.keys.find(({ use }) => use === 'enc');
    return new CompactEncrypt(SEARCH)
      .setProtectedHeader({
        alg: 'RSA-OAEP-256',
        enc: 'A256GCM',
        kid: key?.kid ?? '',
        cty: 'application/json',
      })
      .encrypt(await importJWK(key ?? {}, 'RSA-OAEP-256'));
  }

  async function release(request: string): Promise<void> {
    const ids = exchangesOf(relais, request).map(({ request_id }) => request_id);
    const vigilance = relais.by('vigilance-b');
    const item = await eventually(async () => {
      const { json } = await vigilance('/v1/operations/held');
      return (json as unknown as { id: string }[]).find(({ id }) => ids.includes(id));
    });
    const body = JSON.stringify({ verdict: 'release', evidence: 'CN', reason: 'Carte revue au cabinet' });
    expect((await vigilance(`/v1/operations/held/${item.id}/decision`, { body })).status).toBe(200);
  }

  it('writes keys that only their owner reads, and nobody uses them before being told', async () => {
    const { home } = relais.demo;
    for (const which of ['signing', 'encryption', 'portal:spsti-b', 'kek'])
      expect(await cli('keys', 'rotate', which)).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(join(home, 'keys/signing')).sort()).toEqual(['0001.pem', '0002.pem']);
    for (const file of ['signing/0002.pem', 'encryption/0002.pem', 'portal/spsti-b/0002.pem', 'kek'])
      expect(statSync(join(home, 'keys', file)).mode & 0o777).toBe(0o600);
    // published before anything is signed with it; encrypted to only once it opens
    const now = await keys();
    expect(kids(now, 'sig')).toHaveLength(2);
    expect(kids(now, 'enc')).toEqual(kids(before.jwks, 'enc'));
    const { json } = await send('meanwhile', SEARCH);
    const { kid } = (await compactVerify(String(json['receipt']), createLocalJWKSet(now))).protectedHeader;
    expect(kids(before.jwks, 'sig')).toEqual([kid]);
  });

  it('is in use once the broker was told', async () => {
    await relais.broker.reload();
    const now = await keys();
    expect(kids(now, 'enc')).not.toEqual(kids(before.jwks, 'enc'));
    const { json } = await send('after', SEARCH);
    const { kid } = (await compactVerify(String(json['receipt']), createLocalJWKSet(now))).protectedHeader;
    expect(kids(before.jwks, 'sig')).not.toContain(kid);
    expect(readdirSync(join(relais.demo.home, 'keys/signing')).sort()).toEqual(['0001.pub', '0002.pem']);
    expect(kekIds().length).toBeGreaterThan(before.keks.length);
  });

  it('leaves receipts of before verifiable, and opens what was encrypted to the key of before', async () => {
    await compactVerify(before.receipt, createLocalJWKSet(await keys()));
    expect((await send('sealed-before', before.sealed, 'application/jose')).status).toBe(202);
    expect((await send('sealed-after', await sealedFor(await keys()), 'application/jose')).status).toBe(202);
  });

  it('leaves what the portal has readable, and what was held goes on', async () => {
    expect(await pdf(first)).toBe(200);
    await release(second);
    await until(relais, second, ({ best }) => best !== undefined);
    await eventually(async () => (await pdf(second)) === 200);
  });

  it('ends with nothing under the old key-encryption key, which can go', async () => {
    expect(needed().length).toBeGreaterThan(1);
    expect((await cli('doctor')).out).toMatch(/anciennes encore nécessaires : [0-9a-f]{16} /);
    const done = await cli('keys', 'rewrap');
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/^[1-9]\d* clé\(s\) de contenu/);
    expect(needed()).toHaveLength(1);
    expect((await cli('keys', 'rewrap')).out).toMatch(/^0 clé/);
    expect((await cli('doctor')).out).toMatch(/à retirer : [0-9a-f]{16}/);
    const file = join(relais.demo.home, 'keys/kek');
    const [newest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${newest}\n`);
    await relais.broker.reload();
    await release(third);
    await until(relais, third, ({ best }) => best !== undefined);
    expect(await pdf(first)).toBe(200);
  });

  it('refuses what is no key of Relais', async () => {
    for (const which of ['tls', 'portal:nobody', 'portal:../signing'])
      expect(await cli('keys', 'rotate', which)).toMatchObject({
        code: 1,
        err: expect.stringContaining('not-found'),
      });
  });
});
