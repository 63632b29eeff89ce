/** A night-shift operator finds what is dead, repairs the cause, and has it sent again. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../apps/cli/src/demo/free-port.ts';
import { startPartner } from '../../apps/cli/src/demo/simulators.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { command } from '../builders/command.ts';
import { journal } from '../builders/portability.ts';
import { type Answer, aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const FLOW = 'internal-company-file';
const SAMPLES = join(import.meta.dirname, '../../contracts', FLOW, 'samples/valid');
const file = JSON.parse(readFileSync(join(SAMPLES, 'company-file.with-workers.json'), 'utf8')) as object;

describe('dead deliveries', () => {
  let relais: TestRelais;
  let port: number;
  let token: string;
  let staff: PartnerSoftware | undefined;
  const online: string[] = [];
  let version = 10;

  beforeAll(async () => {
    port = await freePort();
    relais = await aRelais(
      { RELAIS_RETRY_ATTEMPTS: '1' },
      { alsoKeysOf: ['internal-a'], endpoints: { 'internal-a': `https://localhost:${port}/relais` } },
    );
    token = join(relais.demo.home, 'operator.token');
    writeFileSync(token, await relais.people.tokenOf('operator'));
    online.push('--token', token, '--url', relais.peopleUrl);
  });
  afterAll(async () => {
    await staff?.close();
    await relais.close();
  });

  const operator = (path: string, body?: object): Promise<Answer> =>
    relais.by('operator')(path, body === undefined ? {} : { body: JSON.stringify(body) });
  const cli = (...words: string[]) => command(relais.demo.home, [...words, ...online]);
  const deliveryOf = async (id: string) => (await relais.broker.engine.stages.records.deliveries(id))[0];
  const isIn = (id: string, state: string) =>
    eventually(async () => {
      const delivery = await deliveryOf(id);
      return delivery?.state === state && delivery;
    });

  async function aDead(): Promise<string> {
    const sent = await relais.as('spsti-a')('/v1/messages', {
      body: JSON.stringify({ ...file, version: version++ }),
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': `sent-${version}`,
        'ce-source': 'urn:relais:partner:spsti-a',
        'ce-type': `fr.relais-st.${FLOW}.company-file.v1`,
        'ce-recipient': 'internal-a',
      },
    });
    expect(sent.status).toBe(202);
    const id = String(sent.json['id']);
    await isIn(id, 'dead');
    return id;
  }

  it('are listed with their last error, page by page, never with whom they are about', async () => {
    const ids = [await aDead(), await aDead()];
    const first = await operator(
      `/v1/operations/deliveries?state=dead&flow=${FLOW}&recipient=internal-a&limit=1`,
    );
    expect(first.json).toMatchObject([{ messageId: ids[0], lastError: 'transport.unreachable' }]);
    const next = /<([^>]+)>/.exec(String(first.headers['link']))?.[1] ?? '';
    expect((await operator(next)).json).toMatchObject([{ messageId: ids[1] }]);
    expect((await operator('/v1/operations/deliveries?state=dead&recipient=spsti-b')).json).toEqual([]);
    const listed = await cli('operations', 'dead');
    expect(listed).toMatchObject({ code: 0, err: '' });
    for (const id of ids) expect(listed.out).toContain(id);
    expect(listed.out).not.toMatch(/ADRUN/);
  });

  it('are nobody’s but an operator’s', async () => {
    const body = JSON.stringify({ filter: { state: 'dead' }, dryRun: true });
    for (const account of ['doctor-b', 'vigilance-b', 'auditor-b'] as const) {
      expect((await relais.by(account)('/v1/operations/replays', { body })).status).toBe(403);
      expect((await relais.by(account)('/v1/operations/overdue')).status).toBe(403);
    }
    expect((await relais.as('spsti-a')('/v1/operations/replays', { body })).status).toBe(404);
  });

  it.each([
    ['an empty filter', { filter: {}, dryRun: true }],
    ['no filter', { dryRun: true }],
    ['another state', { filter: { state: 'queued' } }],
    ['an unknown member', { filter: { state: 'dead', everything: true } }],
    ['no reason to do it', { filter: { state: 'dead' }, dryRun: false }],
    ['an address as a reason', { filter: { state: 'dead' }, dryRun: false, reason: 'voir zoe@example.org' }],
  ])('are not replayed with %s', async (_, body) => {
    expect(await operator('/v1/operations/replays', body)).toMatchObject({
      status: 422,
      json: { code: 'content.invalid' },
    });
  });

  it('are looked at first, then sent again under the same ids, marked, with who and why in the journal', async () => {
    const id = await aDead();
    const dry = await cli('replay', '--message', id);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toMatch(/1 remise\(s\) morte\(s\) : 1 à rejouer/);
    expect((await deliveryOf(id))?.state).toBe('dead');
    staff ??= await startPartner(relais.demo, 'internal-a', {
      relaisUrl: relais.partnersUrl,
      push: true,
      pushPort: port,
    });
    const done = await cli('replay', '--message', id, '--reason', 'Serveur réparé', '--yes');
    expect(done.out).toMatch(/1 rejouée/);
    expect(await isIn(id, 'delivered')).toMatchObject({ attempts: 2 });
    expect(staff.received.map(({ messageId }) => messageId)).toContain(id);
    const entry = journal(relais).find(
      ({ kind, messageId }) => kind === 'delivery.replayed' && messageId === id,
    );
    expect(entry?.actor).toMatch(/^person:[0-9a-f]{64}$/);
    expect(entry?.details).toMatchObject({ reason: 'Serveur réparé', how: 'as-sealed' });
  });

  it('are sealed anew when the recipient has another key', async () => {
    staff?.sleep(true);
    const id = await aDead();
    const { paths } = relais.demo;
    const mine = paths.partner('internal-a').enc;
    const fresh = paths.partner('spsti-b').enc;
    const partner = relais.broker.engine.stages.directory.partner('internal-a');
    Object.assign(partner?.keys ?? {}, { enc: [readFileSync(fresh.crt, 'utf8')] });
    await staff?.close();
    cpSync(fresh.crt, mine.crt);
    cpSync(fresh.key, mine.key);
    staff = await startPartner(relais.demo, 'internal-a', {
      relaisUrl: relais.partnersUrl,
      push: true,
      pushPort: port,
    });
    const dry = await operator('/v1/operations/replays', { filter: { messageId: id } });
    expect(dry.json).toMatchObject({ dryRun: true, matched: 1, resealed: 1 });
    await operator('/v1/operations/replays', {
      filter: { messageId: id },
      dryRun: false,
      reason: 'Clé changée',
    });
    expect(await isIn(id, 'delivered')).toMatchObject({ attempts: 2 });
    expect(staff.received.map(({ messageId }) => messageId)).toEqual([id]);
  });

  it('are given up by an operator, once', async () => {
    staff?.sleep(true);
    const id = await aDead();
    const delivery = await deliveryOf(id);
    const words = ['operations', 'close', delivery?.id ?? '', '--reason', 'L’expéditeur renvoie'];
    expect(await cli(...words)).toMatchObject({ code: 0, out: 'Close.\n' });
    expect((await deliveryOf(id))?.state).toBe('cancelled');
    expect(await relais.as('spsti-a')(`/v1/messages/${id}`)).toMatchObject({ json: { status: 'cancelled' } });
    expect(await cli(...words)).toMatchObject({ code: 1, err: expect.stringContaining('state.conflict') });
    expect(await cli('operations', 'close', 'nothing', '--reason', 'essai')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not-found'),
    });
  });

  it('are kept no longer than the forecast says', async () => {
    const { home } = relais.demo;
    await aDead();
    const { code, out } = await command(home, ['retention']);
    expect(code).toBe(0);
    expect(out).toMatch(/internal-company-file +contenus en cours +[1-9]/);
    expect(out).toMatch(/Le plus longtemps : identifiants de internal-company-file/);
    // the keeper may purge between the two
    await eventually(async () => {
      const told = JSON.parse((await command(home, ['retention', '--json'])).out) as { shares: object[] };
      const { json } = await operator('/v1/operations/retention');
      return isDeepStrictEqual(json['shares'], told.shares);
    });
    expect((await relais.by('doctor-b')('/v1/operations/retention')).status).toBe(403);
  });

  it('and nothing else waits', async () => {
    expect(await cli('operations', 'overdue')).toMatchObject({ code: 0, out: 'Aucun échange en retard.\n' });
    expect(await cli('operations', 'held')).toMatchObject({ code: 0, out: 'Rien n’attend de décision.\n' });
  });
});
