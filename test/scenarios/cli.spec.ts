import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Directory, Partner } from '#core';
import { canonicalJson, recordEntry } from '#core';
import { JWS_TYPES, SigningKeys, thumbprint } from '#protection';
import { DIRECTORY } from '../../apps/broker/src/tokens.ts';
import { sha256, treeHash } from '../../apps/cli/src/journal-verify/merkle.ts';
import { command, type Ran } from '../builders/command.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { aPki } from '../builders/rsa-keys.ts';

const REQUEST = join(
  import.meta.dirname,
  '../../contracts/dmst-portability/samples/valid/request.qualified.json',
);
const REQUEST_TYPE = 'fr.relais-st.dmst-portability.request.v1';

let relais: TestRelais;
let home: string;
let partnersFile: string;

const run = (...words: string[]): Promise<Ran> => command(home, words);
const pki = (name: string) => join(home, 'pki/partners', name);
const inForce = (id: string): Partner | undefined => relais.broker.app.get<Directory>(DIRECTORY).partner(id);
const kidOf = (name: string) => thumbprint(new X509Certificate(readFileSync(pki(name))));

beforeAll(async () => {
  relais = await aRelais({}, { alsoKeysOf: ['hdh'] });
  home = relais.demo.home;
  partnersFile = join(home, 'partners.json');
  vi.stubEnv('RELAIS_PARTNERS_PORT', String(relais.broker.ports.partners));
  vi.stubEnv('RELAIS_PEOPLE_PORT', String(relais.broker.ports.people));
  vi.stubEnv('RELAIS_HEALTH_PORT', String(relais.broker.ports.health));
  const newcomer = {
    name: 'SPSTI C (fictif)',
    structureId: '1990000157',
    readers: ['enc', 'enc-h'],
  } as const;
  await aPki(join(home, 'pki'), {
    partners: [
      { id: 'spsti-c', ...newcomer },
      { id: 'spsti-c-next', ...newcomer },
    ],
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await relais.close();
});

const addNewcomer = (...changes: string[]) =>
  run(
    ...['partner', 'add', 'spsti-c', '--name', 'SPSTI C', '--client', pki('spsti-c.crt')],
    ...[
      '--flows',
      'insi,dmst-portability',
      '--enc',
      pki('spsti-c.enc.crt'),
      '--enc-h',
      pki('spsti-c.enc-h.crt'),
    ],
    ...changes,
  );

describe('an operator runs the partners beside a working broker', () => {
  it('adds one, who can talk some seconds later', async () => {
    const before = await relais.as('spsti-c')('/v1/partners');
    expect([before.status, before.json['code']]).toEqual([401, 'client.unauthenticated']);
    const added = await addNewcomer();
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toContain('CN=spsti-c,OU=1990000157');
    await eventually(async () => (await relais.as('spsti-c')('/v1/partners')).status === 200);
    expect((await run('partner', 'list')).out).toMatch(
      /^spsti-c +spsti +SPSTI C +mailbox +insi dmst-port.+ouvert$/m,
    );
  });

  it('leaves the file as it was when the change could not be used, and says why', async () => {
    const before = readFileSync(partnersFile, 'utf8');
    for (const [refused, why] of [
      [await addNewcomer(), 'state.conflict : Le partenaire spsti-c existe déjà.'],
      [await addNewcomer('--flows', 'no-such-flow'), 'flow.unknown : no-such-flow'],
      [await addNewcomer('--client', pki('spsti-c.enc.crt')), 'd’un autre usage'],
      [await addNewcomer('--client', join(home, 'pki/bad/revoked.crt')), 'révoqué'],
      [await addNewcomer('--enc', pki('spsti-c.key')), 'ce n’est pas un certificat PEM'],
      [await addNewcomer('--enc', join(home, 'nowhere.crt')), 'ENOENT : fichier ou dossier introuvable'],
      [await run('partner', 'add', 'spsti-d', '--name', 'D', '--client', pki('spsti-c.crt')), '/keys/enc'],
      [await run('partner', 'add', 'spsti-c/..', '--name', 'D', '--client', pki('hdh.crt')), '/id'],
      [await run('partner', 'keys', 'spsti-c', '--remove', kidOf('spsti-c.enc.crt')), 'Modification refusée'],
      [await run('partner', 'keys', 'spsti-c', '--remove', 'x'), 'not-found : spsti-c n’a aucun certificat'],
      [await addNewcomer('--amqp', '--endpoint', 'https://localhost:1/'), 'choisissez --endpoint ou --amqp'],
      [await run('partner', 'amqp', 'spsti-c'), 'state.conflict : spsti-c reçoit par mailbox, pas par amqp.'],
      [await run('partner', 'keys', 'nobody'), 'not-found : Aucun partenaire ne s’appelle nobody.'],
    ] as const) {
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toContain(why);
      expect(refused.err).not.toMatch(/\n\s+at |\.draft/);
    }
    expect(readFileSync(partnersFile, 'utf8')).toBe(before);
    expect(existsSync(`${partnersFile}.draft`)).toBe(false);
  });

  it('changes nothing while another change is under way, and keeps the mode of the file', async () => {
    writeFileSync(`${partnersFile}.draft`, '');
    const refused = await run('partner', 'revoke', 'spsti-c');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('state.conflict')]);
    rmSync(`${partnersFile}.draft`);
    expect(statSync(partnersFile).mode & 0o777).toBe(0o600);
  });

  it('has the next delivery sealed to a newer key, and the older one still in the file until it is removed', async () => {
    const [former, newest] = [kidOf('spsti-c.enc.crt'), kidOf('spsti-c-next.enc.crt')];
    const rotated = await run('partner', 'keys', 'spsti-c', '--enc', pki('spsti-c-next.enc.crt'));
    expect(rotated.code).toBe(0);
    expect(rotated.out).toMatch(
      new RegExp(`^enc +${newest} .+ en usage\n^enc +${former} .+ en réserve$`, 'm'),
    );
    await eventually(async () => inForce('spsti-c')?.keys.enc?.length === 2);
    await run('send', REQUEST, '--as', 'spsti-b', '--type', REQUEST_TYPE, '--to', 'spsti-c');
    const [event] = await eventually(async () => {
      const { json } = await relais.as('spsti-c')('/v1/mailbox');
      return json.length > 0 && json;
    });
    const [header] = String((event as { data: string }).data).split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toMatchObject({ kid: newest });

    const removed = await run('partner', 'keys', 'spsti-c', '--remove', former);
    expect(removed.out).not.toContain(former);
    // leased by the look above: the broker shows it again when the lease ends
    relais.advance(61_000);
    const keys = ['--enc-cert', pki('spsti-c-next.enc.crt'), '--enc-key', pki('spsti-c-next.enc.key')];
    const opened = await run('mailbox', '--as', 'spsti-c', ...keys);
    expect(opened).toMatchObject({ code: 0, err: '' });
  });

  it('revokes one at once, on a connection already open too, and on the list of the test authority', async () => {
    expect((await relais.as('spsti-c')('/v1/partners')).status).toBe(200);
    const revoked = await run('partner', 'revoke', 'spsti-c');
    expect(revoked).toMatchObject({ code: 0, err: '' });
    expect(revoked.out).toContain('liste de révocation');
    await eventually(async () => (await relais.as('spsti-c')('/v1/partners')).status === 401);
    expect((await run('partner', 'list')).out).toMatch(/^spsti-c .+révoqué$/m);
    expect((await run('partner', 'revoke', 'spsti-c')).err).toContain('déjà révoqué');
    expect((await run('partner', 'keys', 'spsti-c', '--client', pki('spsti-c.crt'))).err).toContain(
      'révoqué',
    );
    // another certificate of the same name brings the partner back
    const back = await run('partner', 'keys', 'spsti-c', '--client', pki('spsti-c-next.crt'));
    expect(back.code).toBe(0);
    await eventually(async () => (await relais.as('spsti-c-next')('/v1/partners')).status === 200);
  });
});

describe('a partner talks from the command line', () => {
  const send = (...more: string[]) =>
    run('send', REQUEST, '--as', 'spsti-b', '--type', REQUEST_TYPE, '--to', 'spsti-a', ...more);
  let id: string;

  it('sends with a receipt that is verified and kept, and a repeat changes nothing', async () => {
    const sent = await send('--id', 'my-request-1');
    expect(sent).toMatchObject({ code: 0, err: '' });
    id = /^message +([0-9a-f-]{36})$/m.exec(sent.out)?.[1] ?? '';
    const kept = JSON.parse(readFileSync(join(home, `clients/spsti-b/receipts/${id}.json`), 'utf8'));
    expect(kept).toMatchObject({ id, senderId: 'my-request-1', flow: 'dmst-portability' });
    const again = await send('--id', 'my-request-1');
    expect(again.out).toMatch(/^déjà accepté/);
    expect(again.out).toContain(id);
  });

  it('reads its mailbox into files, shows no content, acknowledges, and finds it empty afterwards', async () => {
    const read = await eventually(async () => {
      const ran = await run('mailbox', '--as', 'spsti-a', '--receipt', 'filed');
      return !ran.out.includes('boîte vide') && ran;
    });
    expect(read).toMatchObject({ code: 0, err: '' });
    expect(read.out).toContain(`${REQUEST_TYPE} de spsti-b, message ${id}`);
    expect(read.out).not.toContain('ADRUN');
    const file = join(home, `clients/spsti-a/received/${id}-1-A.json`);
    expect(JSON.parse(readFileSync(file, 'utf8')).worker.traits.birthName).toBe('ADRUN');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { json } = await relais.as('spsti-b')(`/v1/messages/${id}`);
    expect(json).toMatchObject({ status: 'delivered', deliveries: [{ receipt: { outcome: 'filed' } }] });
    expect((await run('mailbox', '--as', 'spsti-a')).out).toBe('boîte vide\n');
  });

  it('follows its mailbox until it is stopped', async () => {
    const stop = new AbortController();
    const folder = join(home, 'followed');
    const following = command(home, ['mailbox', '--as', 'spsti-a', '--follow', '--out', folder], {
      stop: stop.signal,
    });
    await send();
    await eventually(
      async () => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('-A.json')),
    );
    stop.abort();
    expect(await following).toMatchObject({ code: 0, err: '' });
  });

  it('leaves what it cannot open where it is, and says so', async () => {
    await send();
    const keys = ['--enc-cert', pki('hdh.enc.crt'), '--enc-key', pki('hdh.enc.key')];
    const read = await eventually(async () => {
      const ran = await run('mailbox', '--as', 'spsti-a', '--out', join(home, 'closed'), ...keys);
      return !ran.out.includes('boîte vide') && ran;
    });
    expect(read.code).toBe(1);
    expect(read.err).toContain(
      'non authentique, à ne pas employer : delivery (sealed to a key that is not ours)',
    );
    expect(readdirSync(join(home, 'closed'))).toEqual(['received.ndjson']);
    relais.advance(61_000);
    expect((await run('mailbox', '--as', 'spsti-a')).code).toBe(0);
  });

  it('is told in French what Relais refuses, with the code and no stack', async () => {
    writeFileSync(join(home, 'bad.json'), '{"worker":{}}');
    const bad = await run(
      'send',
      join(home, 'bad.json'),
      '--as',
      'spsti-b',
      '--type',
      REQUEST_TYPE,
      '--to',
      'spsti-a',
    );
    expect([bad.code, bad.out]).toEqual([1, '']);
    expect(bad.err).toMatch(/^content\.invalid : /);
    expect(bad.err).toContain('/worker');
    for (const [ran, why] of [
      [await send('--type', 'fr.relais-st.nothing.request.v1'), 'flow.unknown : '],
      [await send('--to', 'nobody'), 'recipient.unknown : '],
      [
        await send('--url', 'https://localhost:1', '--patience', '0.1'),
        'Relais ne répond pas (ECONNREFUSED)',
      ],
      [await send('--as', 'nobody'), 'not-found : '],
      [await send('--as', '../ca'), 'recipient.unknown : '],
      [
        await run('send', home, '--as', 'spsti-b', '--type', REQUEST_TYPE, '--media-type', 'x/y'),
        'EISDIR : ',
      ],
    ] as const) {
      expect(ran.code).toBe(1);
      expect(ran.err).toContain(why);
      expect(ran.err).not.toMatch(/\n\s+at |ADRUN/);
    }
  });
});

describe('an auditor verifies an export of the journal', () => {
  let file: string;
  let lines: string[];
  const write = (changed: readonly string[]) =>
    writeFileSync(file, changed.map((line) => `${line}\n`).join(''));
  const verify = (...more: string[]) => run('journal', 'verify', file, ...more);

  beforeAll(async () => {
    const exported = await relais.by('operator')('/v1/journal/export');
    expect(exported.status).toBe(200);
    lines = exported.bytes.toString().trimEnd().split('\n');
    file = join(home, 'journal.ndjson');
  });

  it('whole', async () => {
    write(lines);
    expect(await verify()).toMatchObject({ code: 0, err: '' });
    expect((await verify()).out).toMatch(/JOURNAL INTÈGRE\n$/);
  });

  it('with one byte changed: the entry is named', async () => {
    const at = lines.findIndex((line) => line.includes('message.accepted'));
    const { id } = JSON.parse(JSON.parse(lines[at] ?? '').body);
    write(lines.with(at, (lines[at] ?? '').replace('message.accepted', 'message.acceptee')));
    const { code, out } = await verify();
    expect([code, out]).toEqual([1, expect.stringContaining(`entrée ${id}`)]);
    expect(out).toContain('[entry.hash]');
  });

  it('with its tail cut: only a receipt kept by a partner tells', async () => {
    const receipt = readdirSync(join(home, 'clients/spsti-b/receipts')).sort().at(-1);
    const kept = join(home, 'clients/spsti-b/receipts', receipt ?? '');
    const { entry } = JSON.parse(readFileSync(kept, 'utf8')).journal;
    const at = lines.findIndex((line) => line.includes(entry));
    const end = lines.slice(0, at).findLastIndex((line) => line.includes('"type":"seal"'));
    write(lines.slice(0, end + 1));
    expect((await verify()).code).toBe(0);
    const { code, out } = await verify('--witness', kept);
    expect([code, out]).toEqual([1, expect.stringContaining(`témoin ${receipt} : `)]);
    expect(out).toContain('[witness.missing]');
    write(lines);
    expect((await verify('--witness', kept)).code).toBe(0);
  });

  it('rewritten whole with the signing key: only a seal kept elsewhere tells', async () => {
    const { json } = await relais.as('spsti-b')('/v1/messages?senderId=my-request-1');
    const id = (json as unknown as { id: string }[])[0]?.id;
    const proof = await relais.as('spsti-b')(`/v1/messages/${id}/proof`);
    const kept = join(home, 'seal.json');
    writeFileSync(kept, proof.bytes);
    write(lines);
    expect((await verify('--witness', kept)).code).toBe(0);
    write(rewritten(lines, new SigningKeys(join(home, 'keys/signing'))));
    expect((await verify()).code).toBe(0);
    const { code, out } = await verify('--witness', kept);
    expect([code, out]).toEqual([1, expect.stringContaining('[witness.differs]')]);
  });

  it('or not, when it is none', async () => {
    for (const [path, why] of [
      [join(home, 'nowhere.ndjson'), 'ENOENT : fichier ou dossier introuvable'],
      [home, 'EISDIR : '],
      [REQUEST, 'event.malformed : request.qualified.json n’est pas un export du journal de Relais'],
    ] as const)
      expect(await run('journal', 'verify', path)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining(why),
      });
    write(lines);
    expect((await verify('--witness', join(home, 'nowhere'))).err).toContain('ENOENT');
  });
});

/** The same entries but one, whose actor is another, sealed anew from the first seal to the last. */
function rewritten(lines: readonly string[], keys: SigningKeys): string[] {
  let prev = '0'.repeat(64);
  let leaves: Buffer[] = [];
  let changed = false;
  return lines.map((line) => {
    const value = JSON.parse(line);
    if (value.type === 'entry') {
      const entry = JSON.parse(value.body);
      if (!changed && entry.kind === 'message.accepted') entry.actor = 'spsti-z';
      changed ||= entry.actor === 'spsti-z';
      const { hash, body } = recordEntry(entry);
      leaves.push(Buffer.from(hash, 'hex'));
      return canonicalJson({ ...value, body, hash });
    }
    if (value.type !== 'seal') return line;
    const { at } = JSON.parse(Buffer.from(value.jws.split('.')[1], 'base64url').toString());
    const root = treeHash(leaves).toString('hex');
    const jws = keys.sign({ n: value.n, at, size: leaves.length, root, prev }, JWS_TYPES.seal);
    prev = sha256(Buffer.from(jws)).toString('hex');
    leaves = [];
    return canonicalJson({ ...value, jws });
  });
}
