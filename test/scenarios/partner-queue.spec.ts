/** A partner with its queue in RabbitMQ: opened by the commands that Relais prints, read and acknowledged by the partner. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { checkDelivery, eventFromAmqp, ReaderKeys, TrustedKeys } from '#client';
import type { Directory } from '#core';
import { DIRECTORY } from '../../apps/broker/src/tokens.ts';
import { command } from '../builders/command.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';
import { aDatabase, type TestDatabase } from '../services/postgres.ts';
import { type RabbitServer, startRabbit } from '../services/rabbitmq.ts';

const SAMPLE = join(import.meta.dirname, '../../contracts/sick-leave/samples/valid/notice.initial.json');
const PARTNER = 'spsti-a';
const SENDER = 'cnam';
const QUEUE = `relais.partner.${PARTNER}`;

judgedBy(['postgres', 'rabbitmq'], 'a partner with its queue in RabbitMQ', () => {
  let database: TestDatabase;
  let server: RabbitServer;
  let relais: TestRelais;
  let partner: ChannelModel;
  let sent = 0;

  beforeAll(async () => {
    [database, server] = await Promise.all([aDatabase(), startRabbit()]);
    const services = { DATABASE_URL: database.url, AMQP_URL: server.url };
    for (const [name, value] of Object.entries(services)) vi.stubEnv(name, value);
    relais = await aRelais(services, { alsoKeysOf: [SENDER] });
    const { home } = relais.demo;
    const file = join(home, 'partners.json');
    const { partners } = JSON.parse(readFileSync(file, 'utf8')) as { partners: Record<string, unknown>[] };
    for (const one of partners) if (one['id'] === PARTNER) one['transport'] = 'amqp';
    writeFileSync(file, JSON.stringify({ partners }));
    const directory = relais.broker.app.get<Directory>(DIRECTORY);
    await eventually(async () => directory.partner(PARTNER)?.transport === 'amqp');

    const { code, out } = await command(home, ['partner', 'amqp', PARTNER]);
    expect(code).toBe(0);
    const orders = [...out.matchAll(/^rabbitmqctl (add_user|set_permissions) .*$/gm)].map(([line]) =>
      [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
    );
    for (const [, ...words] of orders) await server.control(...words);
    const [[, , username = '', password = ''] = []] = orders;
    partner = await connect(Object.assign(new URL(server.url), { username, password }).href);
  }, 180_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await partner?.close();
    await relais?.close();
    await Promise.all([database?.drop(), server?.remove()]);
  });

  async function send(): Promise<string> {
    const { status, json } = await relais.as(SENDER)('/v1/messages', {
      body: readFileSync(SAMPLE),
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': `partner-queue-${sent++}`,
        'ce-source': `urn:relais:partner:${SENDER}`,
        'ce-type': 'fr.relais-st.sick-leave.notice.v1',
        'ce-recipient': PARTNER,
      },
    });
    expect(status).toBe(202);
    const id = json['id'] as string;
    await eventually(async () => (await deliveryOf(id))['state'] === 'available');
    return id;
  }
  async function deliveryOf(id: string): Promise<Record<string, unknown>> {
    const { json } = await relais.as(SENDER)(`/v1/messages/${id}`);
    return (json['deliveries'] as Record<string, unknown>[])[0] ?? {};
  }
  /** what the queue gives next, acknowledged to RabbitMQ */
  async function taken() {
    const channel = await partner.createChannel();
    const message = await eventually(async () => channel.get(QUEUE));
    channel.ack(message);
    await channel.close();
    return { event: eventFromAmqp(message.properties), data: message.content };
  }

  it('takes what is sealed for it and opens it, and says so by RabbitMQ', async () => {
    const id = await send();
    const { event, data } = await taken();
    expect(event).toMatchObject({ id, relaissender: SENDER, relaisattempt: 1 });
    expect(data.toString()).toMatch(/^[\w-]+(\.[\w-]*){4}$/);
    const pki = join(relais.demo.home, 'pki/partners', `${PARTNER}.enc`);
    const pair = { certificate: readFileSync(`${pki}.crt`), key: readFileSync(`${pki}.key`) };
    const { json } = await relais.as(PARTNER)('/.well-known/jwks.json');
    const delivery = await checkDelivery(event, data, {
      self: PARTNER,
      keys: new ReaderKeys([{ audience: 'enc', ...pair }]),
      trusted: TrustedKeys.pinned(json as never),
      fetchPart: () => Promise.reject(new Error('it has one part')),
    });
    const { parts } = await delivery.open();
    const { stop } = JSON.parse(readFileSync(SAMPLE, 'utf8')) as { stop: object };
    expect(JSON.parse(parts[0]?.content.toString() ?? '')).toMatchObject({ stop });

    const channel = await partner.createConfirmChannel();
    const receipt = JSON.stringify({ deliveryId: event.relaisdelivery, outcome: 'filed' });
    channel.publish('relais.receipts', PARTNER, Buffer.from(receipt), { userId: `partner.${PARTNER}` });
    await channel.waitForConfirms();
    await eventually(async () => (await deliveryOf(id))['state'] === 'delivered');
    expect(await deliveryOf(id)).toMatchObject({
      transport: 'amqp',
      attempts: 1,
      receipt: { outcome: 'filed' },
    });
  });

  it('may say so over HTTPS as well', async () => {
    const id = await send();
    const { event } = await taken();
    const { status } = await relais.as(PARTNER)(`/v1/mailbox/${event.relaisdelivery}/receipt`, {
      body: JSON.stringify({ outcome: 'received' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(status).toBe(200);
    expect(await deliveryOf(id)).toMatchObject({ state: 'delivered', receipt: { outcome: 'received' } });
  });

  it('finds in its mailbox, marked, what RabbitMQ has lost', async () => {
    const id = await send();
    const { event } = await taken();
    const { json } = await relais.as(PARTNER)('/v1/mailbox');
    expect(json.find((one) => (one as { id: string }).id === id)).toMatchObject({
      relaisdelivery: event.relaisdelivery,
      relaisattempt: '2',
    });
  });
});
