import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import { digestOf } from './digest.ts';
import type { SealedPart } from './message.ts';
import type { Partner } from './partner.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const partsOf = async (messageId: string, recipient = 'spsti-a') =>
  world.records.parts((await world.deliveryOf(messageId, recipient)).id);

describe('what leaves', () => {
  it('is sealed to the recipient with the claims of the message and the digest of the content', async () => {
    const { message } = await world.send('note', {}, { senderSignature: 'e30..AA' });
    await world.run();
    const [part] = await partsOf(message.id);
    const { claims, content } = await world.open(part as SealedPart, 'spsti-a');
    expect(content.toString()).toBe('{"text":"bonjour"}');
    expect(claims).toEqual({
      ...{
        messageId: message.id,
        flow: 'essai',
        type: message.type,
        sender: 'spsti-b',
        recipient: 'spsti-a',
      },
      ...{ datacontenttype: 'application/json', digest: digestOf(content), senderSignature: 'e30..AA' },
      ...{ part: 1, total: 1, relaisdelivery: (await world.deliveryOf(message.id)).id },
    });
    expect((await world.deliveryOf(message.id)).manifest).toBeUndefined();
  });

  it('is sealed once for each recipient, and none can open what is for another', async () => {
    const { message } = await world.send('note', {}, { event: { recipient: 'spsti-a spsti-c' } });
    await world.run();
    const [forA] = await partsOf(message.id, 'spsti-a');
    const [forC] = await partsOf(message.id, 'spsti-c');
    expect((await world.open(forC as SealedPart, 'spsti-c')).claims['recipient']).toBe('spsti-c');
    await expect(world.open(forA as SealedPart, 'spsti-c')).rejects.toThrow();
  });

  it('is kept for the pages of a partner that has them at Relais, beside what its software gets', async () => {
    const there = world.partners.get('spsti-a') as Partner;
    const without = await world.send('shown');
    await world.run();
    world.partners.set('spsti-a', { ...there, pages: true });
    const { message } = await world.send('shown');
    const other = await world.send('note');
    await world.run();
    const recipients = async (id: string) => (await world.records.deliveries(id)).map((one) => one.recipient);
    expect(await recipients(message.id)).toEqual(['spsti-a', 'portal:spsti-a']);
    expect(await recipients(without.message.id)).toEqual(['spsti-a']);
    expect(await recipients(other.message.id)).toEqual(['spsti-a']);
    const copy = await world.deliveryOf(message.id, 'portal:spsti-a');
    expect(copy).toMatchObject({ state: 'delivered', transport: 'portal' });
    // found by whose it is, which the software's own delivery does not say
    expect(copy).toMatchObject({ subject: 'bonjour at spsti-a', topic: 'essai' });
    expect(await world.deliveryOf(message.id, 'spsti-a')).not.toHaveProperty('subject');
    const [part] = await partsOf(message.id, 'portal:spsti-a');
    expect((await world.open(part as SealedPart, 'portal:spsti-a')).content.toString()).toBe(
      '{"text":"bonjour"}',
    );
  });

  it('goes to two audiences as two parts under a signed manifest, each to its own readers', async () => {
    const { message } = await world.send('split');
    await world.run();
    const parts = await partsOf(message.id);
    expect(parts.map(({ n, audience }) => [n, audience])).toEqual([
      [1, 'enc'],
      [2, 'enc-h'],
    ]);
    const opened = await Promise.all(parts.map((part) => world.open(part, 'spsti-a')));
    expect(
      opened.map(({ claims: { part, total, datacontenttype } }) => [part, total, datacontenttype]),
    ).toEqual([
      [1, 2, 'text/plain'],
      [2, 2, 'application/json'],
    ]);
    for (const { claims, content } of opened) expect(claims['digest']).toBe(digestOf(content));
    await expect(world.open({ ...(parts[1] as SealedPart), audience: 'enc' }, 'spsti-a')).rejects.toThrow();
    const { manifest = '', partCount } = await world.deliveryOf(message.id);
    expect(partCount).toBe(2);
    expect(world.pki.signing.verify(manifest, 'vnd.relais.manifest+jws')).toEqual({
      messageId: message.id,
      parts: parts.map(({ n, audience, size, digest }) => ({ n, audience, size, digest })),
      relaisdelivery: (await world.deliveryOf(message.id)).id,
    });
    for (const { jwe, size, digest } of parts) expect([jwe.length, digestOf(jwe)]).toEqual([size, digest]);
  });

  it('is cut above 8 MiB, numbered over the whole delivery, and comes back byte for byte', async () => {
    const text = 'é'.repeat(9_000_000);
    const { message } = await world.send('split', { text });
    await world.run();
    const parts = await partsOf(message.id);
    expect(parts.map(({ n, audience }) => [n, audience])).toEqual([
      [1, 'enc'],
      [2, 'enc-h'],
      [3, 'enc-h'],
      [4, 'enc-h'],
    ]);
    const opened = await Promise.all(parts.map((part) => world.open(part, 'spsti-a')));
    for (const { claims, content } of opened) {
      expect(content.length).toBeLessThanOrEqual(8 << 20);
      expect(claims).toMatchObject({ total: 4, digest: digestOf(content) });
    }
    const whole = Buffer.concat(opened.slice(1).map(({ content }) => content));
    expect(digestOf(whole)).toBe(message.digest);
    const { parts: told } = decodeJwt<{ parts: { n: number }[] }>(
      (await world.deliveryOf(message.id)).manifest ?? '',
    );
    expect(told.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
  });

  it('of exactly 8 MiB is one part', async () => {
    const shell = Buffer.byteLength(JSON.stringify({ text: '' }));
    const { message } = await world.send('note', { text: 'x'.repeat((8 << 20) - shell) });
    await world.run();
    expect(message.size).toBe(8 << 20);
    expect(await partsOf(message.id)).toHaveLength(1);
  });

  it('is a document where the flow makes one, rendered before the transaction', async () => {
    const { message } = await world.send('sheet');
    await world.run();
    const [part] = await partsOf(message.id);
    const { claims, content } = await world.open(part as SealedPart, 'spsti-a');
    expect(claims['datacontenttype']).toBe('application/pdf');
    expect(content.toString()).toBe('%PDF-1.7 Fiche');
  });

  it('is nothing at all where the transport acts under a mandate: it opens the original itself', async () => {
    const opened: string[] = [];
    world.script = async (parcel) => {
      opened.push(Buffer.from(await parcel.open()).toString());
      return { receipt: { outcome: 'received', at: world.clock.now().toISOString() } };
    };
    const { message } = await world.send('question');
    await world.run();
    expect(opened).toEqual(['{"text":"bonjour"}']);
    expect(await partsOf(message.id, 'insi')).toEqual([]);
  });

  it('expires at the earlier of its expirytime and the hours of its contract', async () => {
    const soon = new Date(world.clock.now().getTime() + 3_600_000);
    const offset = soon.toISOString().replace('Z', '+00:00');
    const one = await world.send('note', {}, { event: { expirytime: offset } });
    const two = await world.send('note', {}, { event: { expirytime: '2999-01-01T00:00:00Z' } });
    await world.run();
    expect((await world.deliveryOf(one.message.id)).expiresAt).toBe(soon.toISOString());
    const end = Date.parse(two.message.receivedAt) + 48 * 3_600_000;
    expect((await world.deliveryOf(two.message.id)).expiresAt).toBe(new Date(end).toISOString());
  });
});
