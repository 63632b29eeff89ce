import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { journal } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/employee-portal/samples/valid');
const read = (name: string) => JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8')) as object;
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

describe('a worker and their portal', () => {
  let relais: TestRelais;
  let service: Spsti;
  const troubles: unknown[] = [];
  const onTrouble = (error: unknown) => troubles.push(error);

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a', { onTrouble });
  });
  afterAll(async () => {
    await relais.close();
    expect(troubles).toEqual([]);
  });

  function view(id: string, content: object) {
    return service.client.send({
      id,
      type: 'fr.relais-st.employee-portal.worker-view.v1',
      datacontenttype: 'application/json',
      recipient: 'portail',
      data: JSON.stringify(content),
    });
  }

  function request(portal: PartnerSoftware, id: string, hoursAgo: number, changes: object = {}) {
    const authentication = { means: 'FRANCECONNECT-PLUS', at: ago(hoursAgo + 1) };
    return portal.client.send({
      id,
      type: 'fr.relais-st.employee-portal.copy-request.v1',
      datacontenttype: 'application/json',
      recipient: 'spsti-a',
      data: JSON.stringify({
        ...read('copy-request.whole-file'),
        requestedAt: ago(hoursAgo),
        authentication,
        ...changes,
      }),
    });
  }

  it('the service has the proof that the document came, then that the person read it, and when', async () => {
    const { id } = await view('view-1', read('worker-view.full'));
    const portal = relais.as('portail');
    const event = await eventually(async () => {
      const { json } = await portal('/v1/mailbox?limit=100');
      return (json as unknown as { id: string; relaisdelivery: string }[]).find((one) => one.id === id);
    });
    const receipt = (outcome: string) =>
      portal(`/v1/mailbox/${event.relaisdelivery}/receipt`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ outcome }),
      });
    const proof = async () =>
      ((await service.client.message(id)) as { deliveries: { receipt?: { outcome: string; at: string } }[] })
        .deliveries[0]?.receipt;
    expect(await proof()).toBeUndefined();
    await receipt('received');
    expect(await proof()).toMatchObject({ outcome: 'received' });
    relais.advance(HOUR);
    await receipt('opened');
    const opened = await proof();
    expect(opened).toMatchObject({ outcome: 'opened' });
    expect(Date.parse(opened?.at ?? '')).toBeGreaterThan(Date.now() + HOUR / 2);
  });

  it('a person whom neither INSi nor the service is sure of gets nothing through', async () => {
    const traits = { birthName: 'INCONNU', firstNames: ['PAUL'], sex: 'M', birthDate: '1990-01-01' };
    const { id } = await view('view-2', {
      ...read('worker-view.newcomer'),
      person: { traits, identityStatus: 'VALI' },
    });
    const refused = await eventually(async () => {
      const message = await service.client.message(id);
      return message['status'] === 'refused' && message;
    });
    expect(refused).toMatchObject({ reason: 'gate.identity-status' });
  });

  describe('who asks for a copy', () => {
    let portal: PartnerSoftware;

    beforeAll(async () => {
      portal = await relais.partner('portail', { onTrouble });
    });

    /** The exchange that the portal's request opened. */
    async function exchangeOf(id: string) {
      const all = (await portal.client.exchanges()) as unknown as Record<string, string>[];
      const found = all.find(({ requestId }) => requestId === id);
      if (found === undefined) throw new Error('no exchange');
      return found;
    }
    const dueAfter = ({ deadline }: Record<string, string>, hoursAgo: number) =>
      (Date.parse(deadline ?? '') - Date.parse(ago(hoursAgo))) / HOUR;

    it('gets it without what concerns third parties, read with the portal’s own key', async () => {
      const { id } = await request(portal, 'copy-1', 49);
      const exchange = await exchangeOf(id);
      expect(Math.round(dueAfter(exchange, 49))).toBe(8 * 24);
      const taken = await eventually(async () =>
        portal.received.find(({ correlationid }) => correlationid === exchange['id']),
      );
      const [data = '', page = ''] = taken.files;
      const told = readFileSync(data, 'utf8');
      expect(JSON.parse(told)).toMatchObject({
        person: { identityStatus: 'QUAL', ins: { value: '2751263220749' } },
        documents: [{ type: 'ATTS' }],
      });
      expect(told).not.toMatch(/collègue|thirdPartyInfo|evidenceSeen/);
      expect(readFileSync(page).subarray(0, 5).toString()).toBe('%PDF-');
      const [document = ''] = readdirSync(dirname(data)).filter((name) => name.startsWith('ATTS-'));
      expect(
        readFileSync(join(dirname(data), document))
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
      const prepared = journal(relais).find(
        ({ kind, messageId }) => kind === 'message.prepared' && messageId === taken.messageId,
      );
      expect(prepared?.details).toMatchObject({ removed: 1, identity: 'QUAL' });
      await eventually(async () => (await exchangeOf(id))['state'] === 'OPENED');
    });

    it('of old data waits up to two months; too early is told so, too late shows on the list', async () => {
      const { id } = await request(portal, 'copy-2', 2, { concerns: { until: '2010-12-31' } });
      const { id: soon } = await request(portal, 'copy-3', 2);
      expect(dueAfter(await exchangeOf(id), 2)).toBeGreaterThan(58 * 24);
      const early = { ...read('worker-view.full'), copyRequest: { requestedAt: ago(2) } };
      await expect(view('too-early', early)).rejects.toMatchObject({ code: 'content.invalid' });
      relais.advance(6 * 24 * HOUR);
      const reminder = () => service.received.find(({ object }) => object === 'reminder');
      expect(await eventually(async () => reminder(), 20)).toBeDefined();
      relais.advance(3 * 24 * HOUR);
      const late = await eventually(async () => {
        const list = (await portal.client.exchanges({ overdue: true })) as unknown as { requestId: string }[];
        return list.length > 0 && list.map(({ requestId }) => requestId);
      }, 20);
      expect(late).toEqual([soon]);
    });

    it('but is followed by nobody here is refused', async () => {
      const traits = {
        birthName: 'ADRDEUX',
        firstNames: ['LAURENT'],
        sex: 'M',
        birthDate: '1981-01-01',
        birthPlace: '63220',
      };
      const { id } = await request(portal, 'copy-4', 1, { person: { traits, identityStatus: 'VALI' } });
      const refused = await eventually(async () => {
        const exchange = await exchangeOf(id);
        return exchange['state'] === 'REFUSED' && exchange;
      });
      expect(refused).toMatchObject({ refusal: 'no-file' });
    });
  });
});
