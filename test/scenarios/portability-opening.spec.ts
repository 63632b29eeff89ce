import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aDmst,
  answerBy,
  asked,
  DAY,
  type ExchangeRow,
  exchangesOf,
  type Json,
  journal,
  mailbox,
  requestInMailbox,
  rows,
  seen,
  until,
} from '../builders/portability.ts';
import { aRelais, eventually, keeperTurn, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';

const partsOf = (relais: TestRelais, messageId: string, recipient: string) =>
  rows(
    relais,
    'SELECT p.n FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id WHERE d.message_id = ? AND d.recipient = ?',
    messageId,
    recipient,
  );
const messageRow = (relais: TestRelais, id: string) =>
  rows(relais, 'SELECT status, wrapped_key FROM message WHERE id = ?', id)[0];
const chunks = (relais: TestRelais, id: string) =>
  rows(relais, 'SELECT n FROM payload_chunk WHERE message_id = ?', id);

async function answered(
  relais: TestRelais,
  changes: Json = {},
): Promise<{ id: string; exchange: ExchangeRow; messageId: string }> {
  const id = await asked(relais, changes);
  await requestInMailbox(relais, 'spsti-a', id);
  const [exchange] = exchangesOf(relais, id) as [ExchangeRow];
  const sent = await answerBy(relais, 'spsti-a', exchange, { body: aDmst() });
  if (sent.status !== 202) throw new Error(JSON.stringify(sent.json));
  await until(relais, id, ({ best }) => best !== undefined);
  return { id, exchange, messageId: sent.json['id'] as string };
}

describe('an opening is traced and told to both services', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  const openings = (messageId: string) =>
    journal(relais).filter((entry) => entry.kind === 'dossier.opened' && entry.messageId === messageId);
  const open = (account: 'doctor-b' | 'iprp-b', id: string) =>
    relais.by(account)(`/v1/dmst-requests/${id}/summary.pdf`);
  const accessEvents = async (partner: string, exchange: ExchangeRow): Promise<Json[]> =>
    (await mailbox(relais, partner)).filter(
      ({ type, correlationid }) =>
        type === 'fr.relais-st.dmst-portability.access.v1' && correlationid === exchange.id,
    );

  it('each opening is journalled with role and delegation; the first one moves the exchange and tells both', async () => {
    const { id, exchange, messageId } = await answered(relais);
    const given = await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account: 'iprp-b', to: new Date(Date.now() + DAY).toISOString() }),
    });
    expect((await open('iprp-b', id)).status).toBe(200);
    expect(await seen(relais, id)).toMatchObject({ state: 'OPENED' });
    expect((await open('doctor-b', id)).status).toBe(200);
    expect((await open('doctor-b', id)).status).toBe(200);
    const [first, second, third, ...more] = openings(messageId);
    expect(more).toEqual([]);
    expect(first?.details).toMatchObject({
      request: id,
      partner: 'spsti-b',
      role: 'iprp',
      part: 'A',
      delegation: given.json['id'],
    });
    expect(second?.details).toMatchObject({ role: 'physician', part: 'AH' });
    expect(second?.details).not.toHaveProperty('delegation');
    expect(third?.actor).toBe(second?.actor);
    expect(second?.actor).toMatch(/^person:[0-9a-f]{64}$/);

    for (const partner of ['spsti-a', 'spsti-b']) {
      const [event] = await eventually(async () => {
        const events = await accessEvents(partner, exchange);
        return events.length > 0 && events;
      });
      expect(event).toMatchObject({ relaissender: 'relais', datacontenttype: 'application/jose' });
    }
    for (const partner of ['spsti-a', 'spsti-b']) {
      expect(
        rows(
          relais,
          `SELECT m.id FROM message m WHERE m.object = 'access' AND m.correlation_id = ? AND m.recipients LIKE ?`,
          exchange.id,
          `%${partner}%`,
        ),
      ).toHaveLength(1);
      expect((await relais.as(partner)(`/v1/exchanges/${exchange.id}`)).json).toMatchObject(
        partner === 'spsti-b' ? { state: 'OPENED' } : { id: exchange.id },
      );
    }
  });

  it('several who open at the same moment all read, and both services are told once', async () => {
    const { id, exchange, messageId } = await answered(relais);
    const answers = await Promise.all([1, 2, 3, 4].map(() => open('doctor-b', id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(openings(messageId)).toHaveLength(4);
    expect(
      rows(relais, `SELECT id FROM message WHERE object = 'access' AND correlation_id = ?`, exchange.id),
    ).toHaveLength(2);
  });

  it('what both decrypt says when, by which service, of which exchange, and no identity', async () => {
    const { id, exchange, messageId } = await answered(relais);
    const services = await Promise.all(
      ['spsti-a' as const, 'spsti-b' as const].map((partner) => relais.service(partner)),
    );
    await open('doctor-b', id);
    for (const service of services) {
      const event = await eventually(async () =>
        service.received.find((one) => one.type.includes('.access.') && one.correlationid === exchange.id),
      );
      const told = JSON.parse(readFileSync(event.files[0] ?? '', 'utf8')) as Json;
      expect(told).toEqual({
        messageId,
        openedAt: expect.stringMatching(/Z$/),
        openedBy: 'spsti-b',
        subjectRef: exchange.subject_ref,
      });
    }
  });
});

describe('what is kept, and until when', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais();
  });
  afterAll(() => relais.close());

  async function delivered(): Promise<{
    id: string;
    exchange: ExchangeRow;
    messageId: string;
    deliveryId: string;
  }> {
    const one = await answered(relais);
    const event = await eventually(async () =>
      (await mailbox(relais, 'spsti-b')).find(({ id }) => id === one.messageId),
    );
    return { ...one, deliveryId: event['relaisdelivery'] as string };
  }
  const receipt = (deliveryId: string, outcome: string) =>
    relais.as('spsti-b')(`/v1/mailbox/${deliveryId}/receipt`, { body: JSON.stringify({ outcome }) });

  it('the original dies with the last delivery; the sealed copy goes when it is filed', async () => {
    const { id, messageId, deliveryId } = await delivered();
    expect(messageRow(relais, messageId)?.['wrapped_key']).not.toBeNull();
    await receipt(deliveryId, 'received');
    expect(await seen(relais, id)).toMatchObject({ state: 'RECEIVED' });
    expect(messageRow(relais, messageId)).toEqual({ status: 'delivered', wrapped_key: null });
    expect(chunks(relais, messageId)).toEqual([]);
    expect(partsOf(relais, messageId, 'spsti-b')).toHaveLength(2);
    await receipt(deliveryId, 'opened');
    expect(await seen(relais, id)).toMatchObject({ state: 'OPENED' });
    await keeperTurn(relais);
    expect(partsOf(relais, messageId, 'spsti-b')).toHaveLength(2);
    await receipt(deliveryId, 'filed');
    expect(await seen(relais, id)).toMatchObject({ state: 'FILED' });
    await eventually(async () => partsOf(relais, messageId, 'spsti-b').length === 0);
    expect(
      journal(relais).some(({ kind, deliveryId: of }) => kind === 'delivery.purged' && of === deliveryId),
    ).toBe(true);
    expect((await relais.as('spsti-b')(`/v1/deliveries/${deliveryId}/parts/1`)).status).toBe(404);
    // never back: a late "received" changes nothing
    expect((await receipt(deliveryId, 'received')).json).toMatchObject({ receipt: { outcome: 'filed' } });
    expect(await seen(relais, id)).toMatchObject({ state: 'FILED' });
    // the doctor still has the portal's copy
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(200);
  });

  it('never filed: every sealed copy is gone after thirty days, the portal’s too', async () => {
    const { id, messageId, deliveryId } = await delivered();
    await receipt(deliveryId, 'received');
    relais.advance(29 * DAY);
    await keeperTurn(relais);
    expect(partsOf(relais, messageId, 'spsti-b')).toHaveLength(2);
    expect((await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).status).toBe(200);
    relais.advance(2 * DAY);
    await eventually(
      async () =>
        partsOf(relais, messageId, 'spsti-b').length + partsOf(relais, messageId, 'portal:spsti-b').length ===
        0,
    );
    expect(await relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`)).toMatchObject({ status: 404 });
    expect(await seen(relais, id)).toMatchObject({ state: 'CLOSED' });
  });

  it('the sealed request goes with the source’s receipt, and its original with it', async () => {
    const id = await asked(relais);
    const event = await requestInMailbox(relais, 'spsti-a', id);
    const [exchange] = exchangesOf(relais, id) as [ExchangeRow];
    expect(partsOf(relais, exchange.request_id, 'spsti-a')).toHaveLength(1);
    await relais.as('spsti-a')(`/v1/mailbox/${event['relaisdelivery']}/receipt`, {
      body: '{"outcome":"received"}',
    });
    expect(messageRow(relais, exchange.request_id)).toEqual({ status: 'delivered', wrapped_key: null });
    await eventually(async () => partsOf(relais, exchange.request_id, 'spsti-a').length === 0);
    expect(await seen(relais, id)).toMatchObject({ state: 'DELIVERED' });
  });
});

describe('the doctor stops a request', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais({}, { thirdService: true });
  });
  afterAll(() => relais.close());

  const cancel = (id: string, body = '{"reason":"opposition"}') =>
    relais.by('doctor-b')(`/v1/dmst-requests/${id}/cancel`, { body });
  const summary = (id: string) => relais.by('doctor-b')(`/v1/dmst-requests/${id}/summary.pdf`);
  const withdrawn = (messageId: string) =>
    rows(relais, 'SELECT state FROM delivery WHERE message_id = ?', messageId).map(({ state }) => state);

  it.each(['{}', '{"reason":"because"}', '{"reason":"error","more":1}'])(
    'only with a reason of the list: %s',
    async (body) => {
      const id = await asked(relais);
      expect(await cancel(id, body)).toMatchObject({ status: 422, json: { code: 'content.invalid' } });
      expect(await seen(relais, id)).not.toMatchObject({ state: 'CANCELLED' });
    },
  );

  it('before the source has fetched it: withdrawn from its mailbox', async () => {
    const id = await asked(relais, { sources: ['spsti-c'] });
    const [exchange] = await eventually(async () => {
      const found = exchangesOf(relais, id);
      return found[0] !== undefined && withdrawn(found[0].request_id)[0] === 'available' && found;
    });
    expect(await cancel(id)).toMatchObject({
      status: 200,
      json: { state: 'CANCELLED', sources: [{ state: 'CANCELLED' }] },
    });
    expect((await mailbox(relais, 'spsti-c')).map(({ id: of }) => of)).not.toContain(exchange?.request_id);
    expect(withdrawn(exchange?.request_id as string)).toEqual(['cancelled']);
    expect(messageRow(relais, exchange?.request_id as string)).toEqual({
      status: 'cancelled',
      wrapped_key: null,
    });
    expect(partsOf(relais, exchange?.request_id as string, 'spsti-c')).toEqual([]);
    expect(
      journal(relais).find(
        ({ kind, exchangeId }) => kind === 'exchange.cancelled' && exchangeId === exchange?.id,
      ),
    ).toMatchObject({
      actor: expect.stringMatching(/^person:/),
      details: { request: id, reason: 'opposition' },
    });
  });

  it('between the source’s fetch and its answer: the answer is no longer taken', async () => {
    const id = await asked(relais);
    const event = await requestInMailbox(relais, 'spsti-a', id);
    await relais.as('spsti-a')(`/v1/mailbox/${event['relaisdelivery']}/receipt`, {
      body: '{"outcome":"received"}',
    });
    await cancel(id, '{"reason":"error"}');
    const [exchange] = exchangesOf(relais, id) as [ExchangeRow];
    expect(await answerBy(relais, 'spsti-a', exchange, { body: aDmst() })).toMatchObject({
      status: 422,
      json: { code: 'exchange.closed' },
    });
    expect((await relais.as('spsti-a')(`/v1/exchanges/${exchange.id}`)).json).toMatchObject({
      state: 'CANCELLED',
    });
  });

  it('one of two has answered: nothing of it remains', async () => {
    const { id, messageId } = await answered(relais, { sources: ['spsti-a', 'spsti-c'] });
    expect((await seen(relais, id)).answered).toBe('1 sur 2');
    const view = await cancel(id);
    expect(view.json).toMatchObject({ state: 'CANCELLED' });
    expect(view.json).not.toHaveProperty('best');
    expect((await summary(id)).status).toBe(404);
    expect(partsOf(relais, messageId, 'spsti-b')).toEqual([]);
    expect(partsOf(relais, messageId, 'portal:spsti-b')).toEqual([]);
    expect(messageRow(relais, messageId)).toEqual({ status: 'cancelled', wrapped_key: null });
    expect(chunks(relais, messageId)).toEqual([]);
    expect((await mailbox(relais, 'spsti-b')).map(({ id: of }) => of)).not.toContain(messageId);
    expect(rows(relais, 'SELECT id FROM job WHERE message_id = ?', messageId)).toEqual([]);
  });

  it('after the answer, unread or read: the copy that Relais keeps is purged, and a second cancel says the same', async () => {
    const { id, messageId } = await answered(relais);
    expect((await summary(id)).status).toBe(200);
    await cancel(id);
    expect((await summary(id)).status).toBe(404);
    expect(partsOf(relais, messageId, 'portal:spsti-b')).toEqual([]);
    expect(partsOf(relais, messageId, 'spsti-b')).toEqual([]);
    expect(await cancel(id, '{"reason":"error"}')).toMatchObject({
      status: 200,
      json: { state: 'CANCELLED' },
    });
    expect(rows(relais, 'SELECT cancel_reason FROM dmst_request WHERE id = ?', id)).toEqual([
      { cancel_reason: 'opposition' },
    ]);
  });

  it('the traits of a cancelled request are gone', async () => {
    const id = await asked(relais);
    await cancel(id);
    expect(
      rows(relais, 'SELECT wrapped_key, length(bytes) AS size FROM dmst_request WHERE id = ?', id),
    ).toEqual([{ wrapped_key: null, size: 0 }]);
  });

  it('while the answer arrives: either way nothing can be read afterwards', async () => {
    for (const pause of [0, 5, 20, 60, 150]) {
      const id = await asked(relais);
      await eventually(async () => exchangesOf(relais, id)[0] !== undefined);
      const [exchange] = exchangesOf(relais, id) as [ExchangeRow];
      const sending = answerBy(relais, 'spsti-a', exchange, { body: aDmst() });
      await new Promise((resolve) => setTimeout(resolve, pause));
      expect((await cancel(id)).status).toBe(200);
      const sent = await sending;
      expect([202, 422, 503]).toContain(sent.status);
      await eventually(async () => (await relais.broker.engine.stages.records.openJobs()) === 0);
      expect(await seen(relais, id)).toMatchObject({ state: 'CANCELLED' });
      expect((await summary(id)).status).toBe(404);
      if (sent.status === 202)
        expect(partsOf(relais, sent.json['id'] as string, 'portal:spsti-b')).toEqual([]);
    }
  }, 120_000);

  it('a stranger, or a colleague, cannot stop it', async () => {
    const id = await asked(relais);
    for (const account of ['doctor-a', 'doctor-b2'] as const)
      expect(
        (await relais.by(account)(`/v1/dmst-requests/${id}/cancel`, { body: '{"reason":"error"}' })).status,
      ).toBe(404);
    await until(relais, id, ({ state }) => state === 'SUBMITTED');
  });

  it('nothing of an identity is in the log nor in the journal', () => {
    const identity = /ADRUN|ZOE|DUMONT|275126322074/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
  });
});

describe('a service that takes pushes', () => {
  it('gets the manifest, fetches the parts and files them', async () => {
    const port = await freePort();
    const relais = await aRelais({}, { endpoints: { 'spsti-b': `https://localhost:${port}/relais` } });
    try {
      const b = await relais.service('spsti-b', { push: true, pushPort: port });
      const { id, messageId } = await answered(relais);
      await until(relais, id, ({ state }) => state === 'FILED');
      const received = b.received.find((one) => one.messageId === messageId);
      expect(received?.files.map((file) => file.slice(-6))).toEqual(['-A.pdf', '-H.pdf']);
      await eventually(async () => partsOf(relais, messageId, 'spsti-b').length === 0);
    } finally {
      await relais.close();
    }
  });
});
