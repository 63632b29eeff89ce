/** Files that a partner, or whoever got into its server, may leave as acknowledgements: each refused with its code. */
import { existsSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../builders/relais.ts';
import { aRelaisWithSftp, type SftpRelais } from '../builders/sftp.ts';
import { evrestInput, openCampaigns, SurveyDesk, sumerInput } from '../builders/surveys.ts';

const MIB = 1 << 20;
const GIS = 'gis-evrest';
let world: SftpRelais;
let desk: SurveyDesk;
/** one that lies there, and nobody acknowledged */
let messageId: string;
let deliveryId: string;
/** one that is another partner's */
let foreign: string;

beforeAll(async () => {
  world = await aRelaisWithSftp([GIS, 'dares'], { RELAIS_CAMPAIGNS: openCampaigns() });
  const service = await world.relais.service('spsti-a');
  desk = new SurveyDesk(world.relais, service, 'evrest', 'sheet');
  [messageId, deliveryId] = await deposited(GIS, desk, evrestInput());
  const other = new SurveyDesk(world.relais, service, 'sumer', 'questionnaire', desk.folder);
  [, foreign] = await deposited('dares', other, sumerInput());
});
afterEach(() => world.server(GIS).misbehave());
afterAll(async () => {
  await world.close();
  desk.close();
});

async function deposited(
  to: string,
  from: SurveyDesk,
  input: object,
): Promise<[message: string, delivery: string]> {
  const id = await from.send(to, from.throughEdge(input));
  const delivery = await eventually(async () => {
    const found = world.deliveryOf(id);
    return found['state'] === 'available' && String(found['id']);
  });
  return [id, delivery];
}

const good = (changes: object = {}) => ({
  ...{ format: 'relais-ack/1', messageId, deliveryId, outcome: 'received' },
  ...changes,
});
const accepted = { outcome: 'accepted', items: [] };

/** The file is refused with that code, and nothing else happened. */
async function isRefused(code: string, put: () => string): Promise<void> {
  const before = world.refused(GIS).length;
  const file = put();
  const aside = await eventually(async () => namesBy(file).includes('refused') && `${file}.refused`);
  unlinkSync(aside);
  expect(namesBy(file)).toEqual([]);
  expect(world.refused(GIS).slice(before)).toEqual([code]);
  expect(world.deliveryOf(messageId)).toMatchObject({ state: 'available', receipt: null });
}

/** What stands behind that name: '', `reading`, `done`, `refused`. */
function namesBy(file: string): string[] {
  const { base, dir } = parse(file);
  return readdirSync(dir)
    .filter((name) => name.startsWith(base))
    .map((name) => name.slice(base.length + 1));
}

describe('a file that is refused', () => {
  it.each<[what: string, code: string, said: () => object | string | Buffer]>([
    ['is larger than any acknowledgement', 'body.too-large', () => Buffer.alloc(6 * MIB, ' ')],
    ['nests deeper than anything needs', 'event.too-deep', () => '['.repeat(5_000) + ']'.repeat(5_000)],
    [
      'hides its depth in its content',
      'event.too-deep',
      () => JSON.stringify(good()).replace('}', `,"acknowledgement":${'['.repeat(500)}${']'.repeat(500)}}`),
    ],
    ['is no JSON', 'content.invalid', () => 'received'],
    ['is no object', 'event.malformed', () => '[]'],
    ['is of another form', 'content.invalid', () => good({ format: 'relais-ack/2' })],
    ['says more than the form knows', 'content.invalid', () => good({ matricule: '299999999999934' })],
    ['says an outcome that is none', 'content.invalid', () => good({ outcome: 'accepted' })],
    ['speaks of another message', 'acknowledgement.invalid', () => good({ messageId: v7() })],
    ['speaks of another delivery than its name', 'acknowledgement.invalid', () => good({ deliveryId: v7() })],
    [
      'has a code that the flow does not know',
      'content.invalid',
      () => good({ acknowledgement: { ...accepted, items: [{ code: 'inconnu' }] } }),
    ],
    [
      'has a member that the flow does not know',
      'content.invalid',
      () => good({ acknowledgement: { ...accepted, note: 'M. Fictif' } }),
    ],
    [
      'pollutes a prototype',
      'content.invalid',
      () => JSON.stringify(good()).replace('}', ',"__proto__":{"outcome":"filed"}}'),
    ],
  ])('%s: %s', async (_, code, said) => {
    await isRefused(code, () => world.acknowledge(GIS, deliveryId, said()));
    expect(world.relais.logged()).not.toMatch(/299999999999934|Fictif/);
  });

  it('is a link to another file', () =>
    isRefused('acknowledgement.invalid', () => {
      const file = join(world.place(GIS).acknowledgements, `${deliveryId}.ack.json`);
      const secret = join(world.place(GIS).deposits, 'secret');
      writeFileSync(secret, JSON.stringify(good()));
      symlinkSync(secret, file);
      return file;
    }));

  it('is larger than its server says', () => {
    world.server(GIS).misbehave('understates');
    return isRefused('body.too-large', () => world.acknowledge(GIS, deliveryId, Buffer.alloc(6 * MIB, ' ')));
  });

  it('speaks of a delivery to another partner, or of none', async () => {
    for (const id of [foreign, v7()])
      await isRefused('not-found', () => world.acknowledge(GIS, id, good({ deliveryId: id })));
  });
});

describe('a folder', () => {
  it('of names that are paths, or of other letters, is left as it is', async () => {
    const names = [
      ...['..', '.', '', '/etc/passwd', `../${deliveryId}.ack.json`, `${deliveryId}.ack.json/..`],
      ...[`${deliveryId.toUpperCase()}.ack.json`, `${deliveryId}.ack.json.tmp`, 'accusé\u0000.ack.json'],
    ];
    const before = world.refused(GIS);
    world.server(GIS).misbehave({ lists: names });
    await pause(1_000);
    expect(world.refused(GIS)).toEqual(before);
    expect(world.deliveryOf(messageId)).toMatchObject({ state: 'available' });
  });

  it('without an end is walked so far and no further, and is no other partner’s affair', async () => {
    world.server('dares').misbehave('endless');
    const file = world.acknowledge(GIS, deliveryId, good({ acknowledgement: accepted }));
    await eventually(async () => existsSync(`${file}.done`));
    expect(world.deliveryOf(messageId)).toMatchObject({ state: 'delivered' });
    world.server('dares').misbehave();
  });
});

describe('after the acknowledgement was taken', () => {
  const settled = (file: string, as: string) => eventually(async () => existsSync(`${file}.${as}`));
  const again = (said: object) => {
    const file = join(world.place(GIS).acknowledgements, `${deliveryId}.ack.json`);
    for (const as of ['done', 'refused'])
      if (existsSync(`${file}.${as}`)) renameSync(`${file}.${as}`, `${file}.old`);
    return world.acknowledge(GIS, deliveryId, said);
  };

  it('the same file changes nothing', async () => {
    const before = world.deliveryOf(messageId);
    await settled(again(good({ acknowledgement: accepted })), 'done');
    expect(world.deliveryOf(messageId)).toEqual(before);
  });

  it('what a look began and did not end is taken by the next', async () => {
    const file = again(good({ acknowledgement: accepted }));
    await settled(file, 'done');
    renameSync(`${file}.done`, `${file}.reading`);
    await settled(file, 'done');
  });

  it('a receipt only grows', async () => {
    await settled(again(good({ outcome: 'filed' })), 'done');
    expect(JSON.parse(String(world.deliveryOf(messageId)['receipt']))).toMatchObject({ outcome: 'filed' });
    await settled(again(good()), 'done');
    expect(JSON.parse(String(world.deliveryOf(messageId)['receipt']))).toMatchObject({ outcome: 'filed' });
  });

  it.each([
    ['another acknowledgement', 'message.id-reused', { acknowledgement: { outcome: 'partial', items: [] } }],
    ['a contrary receipt', 'state.conflict', { outcome: 'refused' }],
  ])('%s is refused: %s', async (_, code, changes) => {
    await settled(again(good(changes)), 'refused');
    expect(world.refused(GIS).at(-1)).toBe(code);
  });
});
