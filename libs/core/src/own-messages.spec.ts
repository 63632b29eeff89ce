import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import type { Message } from './message.ts';
import type { OwnMessage } from './own-messages.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const reminder: OwnMessage = {
  ...{ flow: 'essai', object: 'reminder', from: 'relais', to: 'spsti-a' },
  ...{ senderId: 'reminder:x', correlationId: 'x', json: { deadline: 'soon' } },
};

describe('a message that Relais starts itself', () => {
  it('is stored, journalled, receipted and delivered like any other', async () => {
    await world.unitOfWork.commit(world.own.compose(reminder));
    await world.run();
    const message = (await world.records.messageOf('relais', 'reminder:x')) as Message;
    expect(message).toMatchObject({ status: 'delivered', recipients: ['spsti-a'], correlationId: 'x' });
    expect(decodeJwt(message.receipt)).toMatchObject({ id: message.id, digest: message.digest });
    expect(await world.kinds(message.id)).toEqual([
      ...['message.accepted', 'message.prepared', 'delivery.attempted', 'delivery.received'],
    ]);
    const [parcel] = world.parcels;
    const { content } = await world.open(parcel?.parts[0] as never, 'spsti-a');
    expect(JSON.parse(content.toString())).toEqual({ deadline: 'soon' });
  });

  it('is never there twice: composing it again is a conflict that takes its whole transaction back', async () => {
    await world.unitOfWork.commit(world.own.compose(reminder));
    await expect(world.unitOfWork.commit(world.own.compose(reminder))).rejects.toThrow('message.insert');
    expect(await world.rows('job')).toHaveLength(1);
    expect(await world.kinds()).toEqual(['message.accepted']);
  });

  it('of an object that no flow knows is our own fault', () => {
    expect(() => world.own.compose({ ...reminder, object: 'nothing' })).toThrow('internal');
  });
});
