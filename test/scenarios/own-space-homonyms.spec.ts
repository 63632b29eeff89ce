/** A view of which nobody can say whether it is hers (no birth place: a homonym's may be just so) is nowhere in her space. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOf, posted, published, sampleOf } from '../builders/own-space.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const FLOW = 'employee-portal';

describe('what may be a homonym’s', () => {
  let relais: TestRelais;

  /** What a service publishes of somebody whose traits are almost hers. */
  const viewOf = (change: object, seenAt = '2026-09-01T08:00:00Z') => {
    const { person } = sampleOf(FLOW, 'worker-view.full') as { person: { traits: object } };
    return {
      ...sampleOf(FLOW, 'worker-view.newcomer'),
      person: { identityStatus: 'VALI', evidenceSeen: 'CN', traits: { ...person.traits, ...change } },
      accessLog: [{ at: seenAt, role: 'MT', action: 'CONSULTATION' }],
    };
  };
  const ids = async () => (await listOf(relais, 'worker-zoe', '/v1/my/views')).map(({ id }) => id);
  const database = () => new Database(join(relais.demo.home, 'relais.sqlite'));

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    const service = await relais.service('spsti-a');
    await published(service, FLOW, 'hers', viewOf({}));
    const others = { placeless: { birthPlace: undefined }, unknown: { birthPlace: '99999' } };
    for (const [id, change] of Object.entries(others))
      await published(service, FLOW, id, viewOf(change, '2026-09-02T08:00:00Z'));
  });
  afterAll(() => relais.close());

  it('has no card in her list, though what is theirs is newer', async () => {
    expect(await ids()).toHaveLength(1);
  });

  it('keeps her from nothing: the accesses told are hers', async () => {
    const { status, json } = await relais.by('worker-zoe')('/v1/my/accesses');
    expect(status).toBe(200);
    expect(json).toMatchObject({ atServices: [{ lines: [{ at: '2026-09-01T08:00:00Z' }] }] });
  });

  it('stays closed by its content, were its row said to be hers', async () => {
    const [hers] = await ids();
    const db = database();
    const { subject } = db.prepare('SELECT subject FROM delivery WHERE id = ?').get(hers) as {
      subject: string;
    };
    db.prepare("UPDATE delivery SET subject = ? WHERE recipient = 'portal:portail'").run(subject);
    db.close();
    const all = await ids();
    expect(all).toHaveLength(3);
    const answers = [];
    for (const id of all)
      answers.push((await relais.by('worker-zoe')(`/v1/my/views/${String(id)}`)).status === 200 ? id : 404);
    expect(answers.filter((one) => one !== 404)).toEqual([hers]);
    const { json } = await relais.by('worker-zoe')('/v1/my/accesses');
    expect(json).toMatchObject({ atServices: [{ lines: [{ at: '2026-09-01T08:00:00Z' }] }] });
  });

  it('and what she asks for is found by every trait of hers', async () => {
    const order = { key: randomUUID(), service: 'spsti-a' };
    expect((await posted(relais, 'worker-zoe', '/v1/my/copy-requests', order)).status).toBe(202);
    const db = database();
    const sent = db.prepare("SELECT sender_id FROM message WHERE sender = 'portail'").all() as {
      sender_id: string;
    }[];
    const hers = db.prepare("SELECT subject FROM delivery WHERE recipient = 'portal:portail'").get() as {
      subject: string;
    };
    db.close();
    expect(sent.map(({ sender_id }) => sender_id.split(':')[1])).toEqual([hers.subject]);
  });
});
