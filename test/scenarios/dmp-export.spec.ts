import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCda } from '../../apps/simulators/src/dmp/index.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/dmp-export/samples');
type Sample = Record<string, unknown>;
const sample = (name: string): Sample =>
  JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8')) as Sample;

function send(relais: TestRelais, id: string, body: Sample) {
  return relais.as('spsti-a')('/v1/messages', {
    headers: {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': 'urn:relais:partner:spsti-a',
      'ce-type': 'fr.relais-st.dmp-export.document.v1',
    },
    body: JSON.stringify(body),
  });
}

describe('a document for the DMP', () => {
  let relais: TestRelais;
  let dmp: PartnerSoftware;
  let a: Spsti;

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_FEATURES: 'dmp-export' }, { alsoKeysOf: ['dmp'] });
    dmp = await relais.partner('dmp');
    a = await relais.service('spsti-a');
  });
  afterAll(() => relais.close());

  const status = async (id: unknown) => (await relais.as('spsti-a')(`/v1/messages/${String(id)}`)).json;

  /** sends, waits until the DMP has it and the service knows what became of it */
  async function deposited(id: string, body: Sample) {
    const { json } = await send(relais, id, body);
    const kept = await eventually(async () => dmp.received.find(({ messageId }) => messageId === json['id']));
    const answer = await eventually(async () =>
      a.received.find(
        ({ object, correlationid }) => object === 'acknowledgement' && correlationid === kept.correlationid,
      ),
    );
    const bytes = readFileSync(kept.files[0] ?? '');
    return {
      bytes,
      cda: readCda(bytes),
      pdf: (kept.files[0] ?? '').replace(/\.xml$/, '.pdf'),
      exchange: kept.correlationid,
      acknowledgement: JSON.parse(readFileSync(answer.files[0] ?? '', 'utf8')) as Sample,
    };
  }

  it('is a CDA around a PDF/A-1b under a qualified INS, kept there under an id that comes back', async () => {
    const { cda, pdf, acknowledgement, exchange } = await deposited(
      'first',
      sample('valid/document.exposures'),
    );
    expect(cda).toMatchObject({
      type: 'SYNTH',
      title: 'État des expositions professionnelles',
      version: '1',
      patient: {
        ids: [{ root: '1.2.250.1.213.1.4.8', extension: '275126322074974' }],
        birthName: 'ADRUN',
        birthPlace: '63220',
      },
      author: '810000000005',
      custodian: '399000000100017',
    });
    expect(cda?.consent).toBeDefined();
    expect(existsSync(pdf)).toBe(true);
    expect(acknowledgement).toMatchObject({
      outcome: 'accepted',
      reference: expect.stringMatching(/^DMP-/),
      items: [{ code: 'visible' }],
    });
    await eventually(async () => {
      const { json } = await relais.as('spsti-a')(`/v1/exchanges/${String(exchange)}`);
      return json['state'] === 'CLOSED';
    });
  });

  // what the PDF says is read by poppler in test/peers/cda.spec.ts
  it('is told of in the trace with the count of what was taken away', async () => {
    const body = { ...sample('valid/document.exposures'), ...anotherDocument('11') };
    const { json } = await send(relais, 'employer', body);
    await eventually(async () => dmp.received.find(({ messageId }) => messageId === json['id']));
    const { json: trace } = await relais.as('spsti-a')(`/v1/messages/${String(json['id'])}/trace`);
    expect(JSON.stringify(trace)).toMatch(/"removed":"?4/);
  });

  it('takes the place of an earlier version, and only of one that is there', async () => {
    const { cda, acknowledgement } = await deposited('second', sample('valid/document.replaced'));
    expect(cda?.replaces?.toLowerCase()).toBe(sample('valid/document.exposures')['documentId']);
    expect(acknowledgement).toMatchObject({
      outcome: 'accepted',
      items: [{ code: 'visible' }, { code: 'replaced' }],
    });

    const lost = { ...anotherDocument('21'), version: 2, replaces: '019a0000-0000-4000-8000-00000000ffff' };
    const refused = await deposited('orphan', { ...sample('valid/document.replaced'), ...lost });
    expect(refused.acknowledgement).toEqual({ outcome: 'refused', items: [{ code: 'parent-unknown' }] });
  });

  it('says that it is withdrawn, and nothing else', async () => {
    const { cda, acknowledgement } = await deposited('withdrawn', sample('valid/document.withdrawn'));
    expect(cda?.title).toBe('Retrait : État des expositions professionnelles');
    expect(acknowledgement).toMatchObject({ outcome: 'accepted' });
  });

  it('of a worker whose identity Relais does not find qualified is refused, and nothing leaves', async () => {
    const { evidenceSeen: _, ...unseen } = {
      ...sample('valid/document.vaccinations'),
      ...anotherDocument('31'),
    } as Sample;
    const before = dmp.received.length;
    const { json } = await send(relais, 'unqualified', unseen);
    const refused = await eventually(async () => {
      const now = await status(json['id']);
      return now['status'] === 'refused' && now;
    });
    expect(JSON.stringify(refused)).toContain('gate.identity-status');
    expect(dmp.received).toHaveLength(before);
  });

  it.each([
    ['document.no-consent', 'gate.consent-missing'],
    ['document.by-a-secretary', 'gate.not-competent'],
    ['document.consent-of-another-document', 'content.invalid'],
    ['document.employer-in-a-sentence', 'content.invalid'],
  ])('is refused at the door: %s', async (name, code) => {
    expect(await send(relais, name, sample(`invalid/${name}`))).toMatchObject({
      status: 422,
      json: { code },
    });
  });

  it('leaves no trace of a person in the log', () => {
    expect(relais.logged()).not.toMatch(/ADRUN|DUMONT|2751263220749|silice/);
  });
});

describe('an installation where the flow is not open', () => {
  it('refuses every document', async () => {
    const relais = await aRelais({}, { alsoKeysOf: ['dmp'] });
    try {
      expect(await send(relais, 'shut', sample('valid/document.exposures'))).toMatchObject({
        status: 422,
        json: { code: 'gate.feature-off' },
      });
    } finally {
      await relais.close();
    }
  });
});

/** A document of its own, with the consent that covers it. */
function anotherDocument(n: string): Sample {
  const uuid = (kind: string) => `019a0000-0000-4000-8000-${kind.padStart(10, '0')}${n}`;
  const documentId = uuid('d');
  const consent = {
    id: uuid('c'),
    documentId,
    given: true,
    kind: 'DMP-VOLET',
    at: '2026-05-11',
    evidence: 'recueil signé',
  };
  return { documentId, setId: uuid('5'), consent };
}
