import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aWorld, type World } from '../../../test/builders/stages.ts';
import { BrokerError } from './errors.ts';
import { forecastRetention, type RetainedShare } from './retention.ts';

let world: World;
beforeEach(async () => {
  world = await aWorld();
});
afterEach(() => world.done());

const share = async (what: RetainedShare['what']): Promise<RetainedShare | undefined> => {
  const { shares } = await forecastRetention(world.store.operations, world.flows, world.clock.now());
  return shares.find((one) => one.what === what);
};
const inDays = (instant: string) =>
  Math.round((Date.parse(instant) - world.clock.now().getTime()) / 86_400_000);

describe('the retention forecast', () => {
  it('of nothing is empty', async () => {
    expect(await share('id')).toBeUndefined();
  });

  it('tells of an original under way, whether prepared or not, until its life ends', async () => {
    const { message } = await world.send('note');
    expect(await share('original')).toMatchObject({ flow: 'essai', total: { count: 1 } });
    expect(inDays((await share('original'))?.last ?? '')).toBe(2);
    world.script = () => undefined;
    await world.run();
    const original = await share('original');
    expect(original).toMatchObject({ total: { count: 1, bytes: message.size }, within: { 7: { count: 1 } } });
    expect(inDays(original?.last ?? '')).toBe(2);
  });

  it('tells of sealed parts until the contract’s days are over, and of ids as long as they are remembered', async () => {
    const { message } = await world.send('note', {}, { event: { recipient: 'spsti-a spsti-c' } });
    world.script = () => undefined;
    await world.run();
    const sealed = await share('sealed');
    expect(sealed).toMatchObject({ total: { count: 2 }, within: { 7: { count: 2 }, 90: { count: 2 } } });
    const parts = await Promise.all(
      ['spsti-a', 'spsti-c'].map(async (id) =>
        world.records.parts((await world.deliveryOf(message.id, id)).id),
      ),
    );
    expect(sealed?.total.bytes).toBe(parts.flat().reduce((sum, { size }) => sum + size, 0));
    expect(inDays(sealed?.last ?? '')).toBe(7);
    const id = await share('id');
    expect(id).toMatchObject({ total: { count: 1 }, within: { 90: { count: 0, bytes: 0 } } });
    expect(inDays(id?.last ?? '')).toBeGreaterThan(399);
  });

  it('follows what happens: what was received is soon purged, what is dead stays for its replay', async () => {
    await world.send('note');
    await world.run();
    const received = await share('sealed');
    expect(inDays(received?.last ?? '')).toBe(0);
    expect(await share('original')).toBeUndefined();
    world.pass({ ms: 1 });
    await world.keeper.tick();
    expect(await share('sealed')).toBeUndefined();
    world.script = () => {
      throw new BrokerError('transport.refused', { next: 'stop' });
    };
    await world.send('note');
    await world.run();
    expect(inDays((await share('original'))?.last ?? '')).toBe(30);
    expect(inDays((await share('sealed'))?.last ?? '')).toBe(30);
  });

  it('puts first what stays longest', async () => {
    await world.send('note');
    const { shares } = await forecastRetention(world.store.operations, world.flows, world.clock.now());
    expect(shares.map(({ what }) => what)).toEqual(['id', 'original']);
  });
});
