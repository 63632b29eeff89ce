/** Certificates that run out while messages are under way: refused or held back with a code, nothing lost, all sent on after. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RelaisClient } from '#client';
import { startService } from '../../apps/cli/src/demo/simulators.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import { REQUEST, REQUEST_TYPE } from '../builders/intake.ts';
import { journal, rows } from '../builders/portability.ts';
import { reissue } from '../builders/reissued.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { figures } from './traffic.ts';
import { areAll, BALANCED, deliveriesTo, weigh } from './weighed.ts';

const DAY = 86_400_000;
const SENT = 5;

let relais: TestRelais;
let sender: PartnerSoftware;
let port: number;
let receiver: PartnerSoftware;
let sent = 0;
const table: string[] = [];

beforeAll(async () => {
  port = await freePort();
  relais = await aRelais(
    { RELAIS_RETRY_MAX_SECONDS: '0.5', RELAIS_RETRY_ATTEMPTS: '3' },
    { endpoints: { 'spsti-a': `https://localhost:${port}/relais` } },
  );
  sender = await asking();
  receiver = await awake();
}, 60_000);
afterAll(async () => {
  console.log(table.join('\n'));
  await receiver.close();
  await sender.close();
  await relais.close();
});

const awake = () =>
  startService(relais.demo, 'spsti-a', {
    ...{ relaisUrl: relais.partnersUrl, dossiers: [], push: true, pushPort: port },
    desks: { 'dmst-portability.request': async () => undefined },
  });
const asking = () => startService(relais.demo, 'spsti-b', { relaisUrl: relais.partnersUrl, dossiers: [] });
const partner = (id: string) => relais.demo.paths.partner(id);
const message = (n: number) => ({
  ...{ id: `request-${n}`, type: REQUEST_TYPE, recipient: 'spsti-a' },
  ...{ datacontenttype: 'application/json', data: REQUEST },
});
const send = async (client = sender.client) => {
  for (let n = 0; n < SENT; n++) await client.send(message(sent++), { patienceMs: 0 });
};
const delivered = () => eventually(async () => areAll(deliveriesTo(relais, 'spsti-a'), 'delivered', sent));
const balance = async (name: string) => {
  const weighed = await weigh(relais, ['spsti-b'], ['spsti-a']);
  table.push(`${name}: ${figures(weighed)}`);
  expect(weighed).toMatchObject(BALANCED);
  expect(weighed.partners).toMatchObject({ accepted: sent, delivered: sent });
};

it('a partner’s server certificate that ran out: tried, dead, and replayed once it has another', async () => {
  await receiver.close();
  const over = { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) };
  await reissue(relais.demo, partner('spsti-a').server, 'server', over);
  receiver = await awake();
  await send();
  await eventually(async () => areAll(deliveriesTo(relais, 'spsti-a'), 'dead', SENT));
  const why = rows(relais, 'SELECT DISTINCT last_error FROM delivery');
  expect(why).toEqual([{ last_error: 'transport.unreachable' }]);
  expect(receiver.received).toEqual([]);

  await receiver.close();
  await reissue(relais.demo, partner('spsti-a').server, 'server');
  receiver = await awake();
  const body = {
    filter: { state: 'dead', partner: 'spsti-a' },
    dryRun: false,
    reason: 'Certificat renouvelé',
  };
  const replay = await relais.by('operator')('/v1/operations/replays', { body: JSON.stringify(body) });
  expect(replay.json).toMatchObject({ matched: SENT, asSealed: SENT });
  await delivered();
  await balance('server certificate of a partner expired');
}, 60_000);

it('a recipient’s encryption certificate that ran out: held back with its code, sent once it has another', async () => {
  await reissue(relais.demo, partner('spsti-a').enc, 'encryption', {
    notBefore: new Date(Date.now() - 2 * DAY),
    notAfter: new Date(Date.now() - DAY),
  });
  const { directory } = relais.broker.engine.stages;
  const inForce = () =>
    directory.partner('spsti-a')?.keys.enc?.[0] === readFileSync(partner('spsti-a').enc.crt, 'utf8');
  await eventually(async () => inForce());
  const before = sent;
  await send();
  const waiting = () =>
    rows(relais, `SELECT reason FROM message WHERE status = 'preparing'`).map(({ reason }) => reason);
  await eventually(async () => waiting().length === SENT);
  expect(waiting()).toEqual(Array(SENT).fill('recipient.key-invalid'));
  expect(journal(relais)).toContainEqual(
    expect.objectContaining({
      kind: 'message.prepare-failed',
      details: expect.objectContaining({ code: 'recipient.key-invalid' }),
    }),
  );
  expect(receiver.received.length).toBeLessThanOrEqual(before);

  await receiver.close();
  await reissue(relais.demo, partner('spsti-a').enc, 'encryption');
  receiver = await awake();
  await eventually(async () => inForce());
  await delivered();
  await balance('encryption certificate of a recipient expired');
}, 60_000);

it('a sender’s certificate that runs out: refused on its standing connection and at the door, journalled, and lets in again once renewed', async () => {
  const { client } = partner('spsti-b');
  const clientWith = () =>
    new RelaisClient({
      baseUrl: relais.partnersUrl,
      partner: 'spsti-b',
      tls: {
        cert: readFileSync(client.crt, 'utf8'),
        key: readFileSync(client.key, 'utf8'),
        ca: readFileSync(relais.demo.paths.ca.crt, 'utf8'),
      },
    });
  await reissue(relais.demo, client, 'client', { notAfter: new Date(Date.now() + DAY) });
  const standing = clientWith();
  await standing.jwks();
  relais.advance(2 * DAY);
  await expect(standing.send(message(sent), { patienceMs: 0 })).rejects.toMatchObject({
    code: 'client.expired',
  });
  await standing.close();

  await reissue(relais.demo, client, 'client', {
    notBefore: new Date(Date.now() - 2 * DAY),
    notAfter: new Date(Date.now() - DAY),
  });
  const late = clientWith();
  await expect(late.send(message(sent), { patienceMs: 0 })).rejects.toThrow(
    /certificate expired|socket|closed|ECONNRESET/i,
  );
  await late.close();
  await eventually(async () =>
    journal(relais).some(({ kind, actor }) => kind === 'client.expired' && actor === 'unknown'),
  );

  await sender.close();
  await reissue(relais.demo, client, 'client');
  sender = await asking();
  await send();
  await delivered();
  await balance('client certificate of a sender expired');
}, 60_000);
