/** Surveys and research lines by SFTP: deposited sealed, taken with the partner's own key, acknowledged by a file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { researchLines } from '../../apps/cli/src/bench/research-lines.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { eventually } from '../builders/relais.ts';
import { aRelaisWithSftp, type SftpRelais } from '../builders/sftp.ts';
import { evrestInput, filesOf, readJson, SurveyDesk } from '../builders/surveys.ts';

const MIB = 1 << 20;
let world: SftpRelais;
let service: Spsti;
let gis: PartnerSoftware;
let desk: SurveyDesk;

beforeAll(async () => {
  world = await aRelaisWithSftp(['gis-evrest', 'hdh']);
  service = await world.relais.service('spsti-a');
  gis = await world.software('gis-evrest');
  desk = new SurveyDesk(world.relais, service, 'evrest', 'sheet');
});
afterAll(async () => {
  await world.close();
  desk.close();
});

let month = 0;
/** each of another month: none is a duplicate of another */
const aSheet = () => {
  month += 1;
  return desk.throughEdge(evrestInput({ interviewOn: `2026-0${month}-06` }));
};
const taken = (messageId: string) => gis.received.filter((one) => one.messageId === messageId);
const inState = (messageId: string, state: string) =>
  eventually(async () => {
    const delivery = world.deliveryOf(messageId);
    return delivery['state'] === state && delivery;
  });

describe('a sheet', () => {
  it('is deposited, opened by its recipient alone, and acknowledged by a file', async () => {
    const sheet = aSheet();
    const id = await desk.send('gis-evrest', sheet);
    expect(readJson((await filesOf(gis, id))[0])).toEqual(sheet);
    expect(await desk.acknowledged(id)).toMatchObject({
      state: 'CLOSED',
      acknowledgement: { outcome: 'accepted', counts: { received: 1, accepted: 1, refused: 0 } },
    });
    const delivery = await inState(id, 'delivered');
    expect(delivery).toMatchObject({ transport: 'sftp', attempts: 1 });
    const file = join(world.place('gis-evrest').acknowledgements, `${delivery['id']}.ack.json`);
    await eventually(async () => existsSync(`${file}.done`) && !existsSync(file));
    expect(readdirSync(world.place('gis-evrest').deposits)).toEqual([]);
    expect(world.refused('gis-evrest')).toEqual([]);
  });

  it('that the connection lost in the middle arrives once, by a later try', async () => {
    world.server('gis-evrest').misbehave({ 'breaks-after': 600 });
    const id = await desk.send('gis-evrest', aSheet());
    await eventually(async () => Number(world.deliveryOf(id)['attempts']) >= 2);
    expect(taken(id)).toEqual([]);
    world.server('gis-evrest').misbehave();
    await inState(id, 'delivered');
    expect(taken(id)).toHaveLength(1);
  });

  it('whose last answer was lost is not opened twice', async () => {
    world.server('gis-evrest').misbehave('loses-answer');
    const id = await desk.send('gis-evrest', aSheet());
    await eventually(async () => taken(id).length > 0);
    world.server('gis-evrest').misbehave();
    await inState(id, 'delivered');
    await desk.acknowledged(id);
    expect(taken(id)).toHaveLength(1);
  });

  it.each(['full', 'silent'] as const)('waits for a server that is %s', async (how) => {
    world.server('gis-evrest').misbehave(how);
    const id = await desk.send('gis-evrest', aSheet());
    await eventually(async () => Number(world.deliveryOf(id)['attempts']) >= (how === 'full' ? 2 : 1));
    world.server('gis-evrest').misbehave();
    await inState(id, 'delivered');
  });
});

describe('a batch of several parts', () => {
  it('reaches the hub line for line, from the folder alone', async () => {
    const hub = await world.software('hdh');
    const pieces: Buffer[] = [];
    for await (const piece of researchLines(5 * MIB)) pieces.push(piece);
    const text = Buffer.concat(pieces);
    const { id } = await service.client.sendLines({
      ...{ id: 'lot-1', type: 'fr.relais-st.hdh-feed.dmst-batch.v1' },
      data: () => Readable.from([text]),
    });
    const [file = ''] = await filesOf(hub, id);
    expect(readFileSync(file).equals(text)).toBe(true);
    expect(await inState(id, 'delivered')).toMatchObject({ transport: 'sftp', part_count: 3 });
    await eventually(async () => service.received.some(({ flow }) => flow === 'hdh-feed'));
  });
});
