import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { journal } from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/sick-leave/samples/valid');
const read = (name: string) =>
  JSON.parse(readFileSync(join(SAMPLES, `notice.${name}.json`), 'utf8')) as Record<string, object>;

describe('the fund tells a service of a stop', () => {
  let relais: TestRelais;
  let fund: PartnerSoftware;
  let service: Spsti;
  const troubles: unknown[] = [];

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['cnam'] });
    fund = await relais.partner('cnam', { onTrouble: (error) => troubles.push(error) });
    service = await relais.service('spsti-a', { onTrouble: (error) => troubles.push(error) });
  });
  afterAll(async () => {
    await relais.close();
    expect(troubles).toEqual([]);
  });

  function send(id: string, notice: object, recipient = 'spsti-a') {
    return fund.client.send({
      id,
      type: 'fr.relais-st.sick-leave.notice.v1',
      datacontenttype: 'application/json',
      recipient,
      data: JSON.stringify(notice),
    });
  }

  /** What the service took, and what came back to the fund. */
  async function round(id: string) {
    const taken = await eventually(async () => service.received.find(({ messageId }) => messageId === id));
    const answer = await eventually(async () =>
      fund.received.find(({ correlationid }) => correlationid === taken.correlationid),
    );
    const json = (file: string | undefined) => JSON.parse(readFileSync(file ?? '', 'utf8')) as object;
    const exchange = taken.correlationid ?? '';
    return { taken, told: json(taken.files[0]), acknowledgement: json(answer.files[0]), exchange };
  }

  it('the medical reason is dropped and counted, the visits are planned, and the fund knows', async () => {
    const { id } = await send('long', read('long-with-medical-reason'));
    const { taken, told, acknowledgement, exchange } = await round(id);
    expect(told).toMatchObject({
      person: { identityStatus: 'QUAL', ins: { value: '180032B020401' } },
      derivedTasks: [{ visit: 'VPRE' }, { visit: 'VREP', from: '2026-12-14', dueBy: '2026-12-22' }],
    });
    for (const name of ['medicalReason', 'diagnosis', 'prescriberReason'])
      expect(told).not.toHaveProperty(name);
    expect(JSON.stringify(told)).not.toMatch(/M54|sciatique|Repos/);
    expect(acknowledgement).toMatchObject({
      outcome: 'accepted',
      items: [{ code: 'matched' }, { code: 'task-vpre' }, { code: 'task-vrep' }],
    });
    const workList = readFileSync(join(dirname(taken.files[0] ?? ''), `visites-${id}.json`), 'utf8');
    expect(JSON.parse(workList)).toMatchObject({ worker: 'CORSE', visits: [{ visit: 'VPRE' }, {}] });
    await eventually(async () => (await fund.client.exchange(exchange))['state'] === 'CLOSED');
    const prepared = journal(relais).find(
      ({ kind, messageId }) => kind === 'message.prepared' && messageId === id,
    );
    expect(prepared?.details).toMatchObject({ removed: 3, identity: 'QUAL' });
  });

  it('an identity that is not qualified goes without its matricule: no-ins', async () => {
    const { id } = await send('without-ins', read('occupational-disease-without-ins'));
    const { told, acknowledgement } = await round(id);
    expect(told).toMatchObject({ derivedTasks: [{ visit: 'VREP', rule: 'VREP-MP' }] });
    expect((told as { person: object }).person).not.toHaveProperty('ins');
    expect(acknowledgement).toMatchObject({
      outcome: 'partial',
      items: [{ code: 'no-ins' }, { code: 'task-vrep' }],
    });
  });

  it('somebody whom the service does not follow: refused, and the exchange says why', async () => {
    const traits = {
      birthName: 'ADRDEUX',
      firstNames: ['LAURENT'],
      sex: 'M',
      birthDate: '1981-01-01',
      birthPlace: '63220',
    };
    const { id } = await send('unknown', { ...read('initial'), person: { traits, identityStatus: 'VALI' } });
    const { exchange } = await round(id);
    expect(await fund.client.exchange(exchange)).toMatchObject({
      state: 'REFUSED',
      refusal: 'unknown-worker',
    });
  });

  it('without the agreement, or with a matricule in a text to be dropped, nothing is taken', async () => {
    const { agreement: _, ...without } = read('initial');
    await expect(send('no-agreement', without)).rejects.toMatchObject({ code: 'gate.consent-missing' });
    const leaking = { ...read('initial'), medicalReason: 'Voir le dossier de 2600588154002 33.' };
    await expect(send('leak', leaking)).rejects.toMatchObject({ code: 'content.invalid' });
  });

  it('a doubt about the identity is for the cell of the service that would receive', async () => {
    const notice = read('initial') as { person: { traits: object } };
    const person = { ...notice.person, traits: { ...notice.person.traits, birthPlace: '75056' } };
    const { id } = await send('doubt', { ...notice, person }, 'spsti-b');
    const cell = relais.by('vigilance-b');
    const held = await eventually(async () => {
      const { json } = await cell('/v1/operations/held');
      return (json as unknown as { messageId: string }[]).find(({ messageId }) => messageId === id);
    });
    expect(JSON.stringify(held)).not.toContain('episodeId');
    expect(await fund.client.message(id)).toMatchObject({ status: 'held' });
  });

  it('of one episode the next notice waits until the one before is taken; another episode does not wait', async () => {
    const mailbox = relais.as('spsti-b');
    const initial = read('initial') as { stop: { episodeId: string } };
    const first = { ...initial, stop: { ...initial.stop, episodeId: 'EP-2026-777777' } };
    const next = {
      ...first,
      stop: { ...first.stop, kind: 'EXTENSION', from: '2026-11-23', to: '2026-11-29', cumulatedDays: 28 },
    };
    const other = { ...first, stop: { ...first.stop, episodeId: 'EP-2026-999999' } };
    const { id: one } = await send('episode-1', first, 'spsti-b');
    const { id: two } = await send('episode-2', next, 'spsti-b');
    const { id: three } = await send('other-episode', other, 'spsti-b');
    const shown: { id: string; relaisdelivery: string }[] = [];
    const showing = (id: string) =>
      eventually(async () => {
        shown.push(...((await mailbox('/v1/mailbox?limit=100')).json as unknown as typeof shown));
        return shown.find((event) => event.id === id);
      });
    const { relaisdelivery } = await showing(one);
    await showing(three);
    expect(shown.map(({ id }) => id)).not.toContain(two);
    await mailbox(`/v1/mailbox/${relaisdelivery}/receipt`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'filed' }),
    });
    expect(await showing(two)).toBeDefined();
  });
});
