/** INTEROPS-A, calling: what leaves, by whose seal, and what becomes of each way to answer. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Received } from '../../apps/simulators/src/interops/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  anInteropsWorld,
  entries,
  type InteropsWorld,
  type InteropsWorldOptions,
  sample,
} from '../builders/interops.ts';
import { eventually } from '../builders/relais.ts';

let world: InteropsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const ACCEPTED = { outcome: 'accepted', items: [] };
const atOnce = async ({ object }: Received) =>
  object === 'establishments' ? { object: 'acknowledgement', json: ACCEPTED } : undefined;

async function aWorld(options: InteropsWorldOptions = {}) {
  world = await anInteropsWorld(options);
  const service = await world.relais.service('spsti-a', { onTrouble: (error) => troubles.push(error) });
  return { ...world, a: service };
}
const troubles: unknown[] = [];

async function report(a: Spsti): Promise<string> {
  const { id } = await a.client.send({
    id: randomUUID(),
    type: 'fr.relais-st.cnam-risks.establishments.v1',
    datacontenttype: 'application/json',
    recipient: 'cnam',
    data: JSON.stringify(sample('cnam-risks', 'establishments.several')),
  });
  return id;
}

const stateOf = async (a: Spsti, id: string) => {
  const { deliveries } = (await a.client.message(id)) as unknown as {
    deliveries: { state: string; transport: string; lastError?: string; attempts: number }[];
  };
  return deliveries[0];
};

describe('a message to an organisation', () => {
  it('leaves under the seal of the service that speaks, and is answered at once', async () => {
    const { a, relais, service } = await aWorld({ service: { answer: atOnce } });
    const id = await report(a);
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    expect(got).toMatchObject({
      siret: '99000000100017',
      pagm: ['ST-RISQUES'],
      attempt: 1,
      flow: 'cnam-risks',
    });
    expect(got.contents.map(({ mediaType }) => mediaType)).toEqual(['application/json', 'text/csv']);
    expect(got.vector).toMatch(/^[a-f][0-9a-f-]{35}$/);
    const told = await eventually(async () => a.received.find(({ object }) => object === 'acknowledgement'));
    expect(JSON.parse(readFileSync(told.files[0] ?? '', 'utf8'))).toEqual(ACCEPTED);
    const exchange = (await a.client.exchange(got.key ?? '')) as { state: string };
    expect(exchange.state).toBe('CLOSED');
    expect(await stateOf(a, id)).toMatchObject({ state: 'delivered', transport: 'interops-soap' });
    const made = entries(relais, 'interops.vector-made').find(({ messageId }) => messageId === id);
    expect(made).toMatchObject({
      actor: 'spsti-a',
      details: { vector: got.vector, key: got.key, pagm: 'ST-RISQUES', operation: 'Transmettre' },
    });
    expect(service.refused).toEqual([]);
  });

  it('takes another vector at each attempt, and the same identifier', async () => {
    const { a, relais, service } = await aWorld({ service: { answer: atOnce } });
    service.mood({ is: 'down' });
    const id = await report(a);
    const made = () => entries(relais, 'interops.vector-made').filter(({ messageId }) => messageId === id);
    await eventually(async () => made().length >= 2);
    service.mood({ is: 'well' });
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    expect(got.attempt).toBeGreaterThan(1);
    const vectors = made().map(({ details }) => details?.['vector']);
    expect(new Set(vectors).size).toBe(vectors.length);
  });

  it('answered later by a call of the organisation closes its exchange', async () => {
    const { a, fund, service } = await aWorld();
    const id = await report(a);
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    const key = got.key ?? '';
    const taken = await fund.transmit({
      id: `reponse-${id}`,
      flow: 'cnam-risks',
      object: 'acknowledgement',
      recipient: 'spsti-a',
      key,
      json: ACCEPTED,
    });
    expect(taken.text('Statut')).toBe('accepte');
    await eventually(async () => a.received.some(({ object }) => object === 'acknowledgement'));
    await eventually(async () => (await a.client.exchange(key))['state'] === 'CLOSED');
  });

  it('answered when it is asked for closes its exchange, and the organisation is told that it came', async () => {
    const later = async ({ object }: Received) =>
      object === 'establishments' ? { object: 'acknowledgement', json: ACCEPTED, later: true } : undefined;
    const { a, service } = await aWorld({ service: { answer: later }, client: { pollSeconds: 1 } });
    const id = await report(a);
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    await eventually(async () => a.received.some(({ object }) => object === 'acknowledgement'));
    await eventually(async () => (await a.client.exchange(got.key ?? ''))['state'] === 'CLOSED');
    await eventually(async () => service.acknowledged.length === 1);
  });

  it('whose content is large goes beside the envelope', async () => {
    const { a, service } = await aWorld({ service: { answer: atOnce } });
    const json = sample('cnam-risks', 'establishments.several') as {
      establishments: Record<string, unknown>[];
    };
    const [first = {}] = json.establishments;
    const many = Array.from({ length: 200 }, (_, n) => ({
      ...first,
      period: { from: `${1826 + n}-01-01`, to: `${1826 + n}-12-31` },
    }));
    const { id } = await a.client.send({
      id: randomUUID(),
      type: 'fr.relais-st.cnam-risks.establishments.v1',
      datacontenttype: 'application/json',
      recipient: 'cnam',
      data: JSON.stringify({ ...json, establishments: many }),
    });
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    expect(got.beside).toBe(true);
    expect(service.refused).toEqual([]);
  });
});

describe('an answer that cannot be believed', () => {
  let shared: Awaited<ReturnType<typeof aWorld>>;
  beforeAll(async () => {
    shared = await aWorld({ service: { answer: atOnce } });
    world = undefined;
  });
  afterAll(() => shared.close());

  it.each([
    [{ is: 'unsigned' } as const, 'transport.bad-answer'],
    [{ is: 'another-vector' } as const, 'transport.bad-answer'],
    [{ is: 'gibberish' } as const, 'transport.bad-answer'],
    [{ is: 'doctype' } as const, 'xml.doctype'],
    [{ is: 'fault', subcode: 'vi:InvalidPagm' } as const, 'transport.refused'],
  ])('is no receipt: %j', async (mood, code) => {
    const { a, service } = shared;
    service.mood(mood);
    const id = await report(a);
    const dead = await eventually(async () => {
      const delivery = await stateOf(a, id);
      return delivery?.state === 'dead' ? delivery : undefined;
    });
    expect(dead).toMatchObject({ lastError: code, attempts: 1 });
    expect(a.received.filter(({ object }) => object === 'acknowledgement')).toEqual([]);
  });

  it('is no acknowledgement when it is none of the contract', async () => {
    const { a } = await aWorld({
      service: { answer: async () => ({ object: 'acknowledgement', json: { outcome: 'maybe' } }) },
    });
    const id = await report(a);
    await eventually(async () => (await stateOf(a, id))?.state === 'dead');
    expect(a.received).toEqual([]);
  });
});

describe('nothing leaves', () => {
  it('without the seal of the service, or a PAGM that opens it, or an agreement in force', async () => {
    const past = { from: '2020-01-01T00:00:00.000Z', to: '2021-01-01T00:00:00.000Z' };
    for (const [agreement, code] of [
      [
        { pagm: [{ name: 'ST-ARRETS', rights: [{ flow: 'sick-leave' }] }], portal: undefined },
        'flow.not-allowed',
      ],
      [past, 'configuration.invalid'],
      [{ status: 'suspended' }, 'configuration.invalid'],
    ] as const) {
      const { a, service } = await aWorld({ agreement });
      const id = await report(a);
      const dead = await eventually(async () => {
        const delivery = await stateOf(a, id);
        return delivery?.state === 'dead' ? delivery : undefined;
      });
      expect(dead).toMatchObject({ lastError: code });
      expect(service.received).toEqual([]);
      await world?.close();
      world = undefined;
    }
  });
});

describe('a content that is encrypted', () => {
  it('reaches the organisation alone, inside the Body, whatever its size', async () => {
    const { a, service } = await aWorld({ service: { answer: atOnce }, encrypted: true });
    const id = await report(a);
    const got = await eventually(async () => service.received.find((one) => one.id === id));
    expect(got).toMatchObject({ encrypted: true, beside: false });
    expect(got.xml).toContain('http://www.w3.org/2009/xmlenc11#aes256-gcm');
    expect(got.xml).not.toContain('io:Contenu');
    await eventually(async () => a.received.some(({ object }) => object === 'acknowledgement'));
  });
});
