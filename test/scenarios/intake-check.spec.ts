/** What is looked at before a message is taken: a dry run that stores nothing, a PDF that must be inert. */
import { PDFDocument } from '@cantoo/pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aSample,
  binary,
  compact,
  content,
  journalAfter,
  lastEntry,
  rows,
  settled,
  storeOf,
} from '../builders/intake.ts';
import { type Answer, type Asking, aRelais, type TestRelais } from '../builders/relais.ts';

let relais: TestRelais;
let a: (path: string, asking?: Asking) => Promise<Answer>;
let b: typeof a;

beforeAll(async () => {
  relais = await aRelais();
  a = relais.as('spsti-a');
  b = relais.as('spsti-b');
});
afterAll(() => relais.close());

const post = (headers: Record<string, string>, body: Uint8Array | string = compact) =>
  b('/v1/messages', { headers, body });

describe('the dry run', () => {
  const check = (flow: string, headers: Record<string, string>, body: Uint8Array | string) =>
    b(`/v1/flows/${flow}/check`, { headers: { 'content-type': 'application/json', ...headers }, body });
  const type = (object: string) => ({ 'ce-type': `fr.relais-st.dmst-portability.${object}.v1` });

  it('tells of a good content that it is valid, of a bad one where, and stores nothing', async () => {
    await settled(relais);
    const [before, from] = [await rows(relais), await lastEntry(relais)];
    expect((await check('dmst-portability', {}, compact)).json).toEqual({
      flow: 'dmst-portability',
      object: 'request',
      valid: true,
      findings: [],
    });
    const full = aSample('dmst-portability', 'response.full');
    const response = { ...type('response'), 'ce-lastvisit': '2026-05-11' };
    expect((await check('dmst-portability', response, full)).json).toMatchObject({ valid: true });
    const bad = JSON.stringify({ ...content, purpose: 'HOUILLES', worker: {} });
    const told = await check('dmst-portability', {}, bad);
    expect(told).toMatchObject({ status: 200, json: { valid: false } });
    const findings = told.json['findings'] as unknown as { pointer: string }[];
    expect(findings.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/purpose']));
    expect(told.bytes.toString()).not.toContain('HOUILLES');
    const unsigned = JSON.stringify({ ...content, legalGate: undefined });
    expect((await check('dmst-portability', {}, unsigned)).json).toMatchObject({ valid: false });
    expect((await check('dmst-portability', {}, '{')).json).toMatchObject({
      findings: [{ code: 'json.syntax' }],
    });
    expect(await rows(relais)).toEqual(before);
    expect(await journalAfter(relais, from)).toEqual([]);
  });

  it.each<[string, Record<string, string>, Uint8Array | string, number, string]>([
    ['a type of another flow', { 'ce-type': 'fr.relais-st.insi.search.v1' }, compact, 422, 'flow.unknown'],
    [
      'another major',
      { 'ce-type': 'fr.relais-st.dmst-portability.request.v2' },
      compact,
      422,
      'flow.unknown',
    ],
    ['an unknown object', type('constructor'), compact, 422, 'flow.unknown'],
    ['a type that is none', { 'ce-type': 'x' }, compact, 422, 'flow.unknown'],
    ['another media type', { 'content-type': 'text/csv' }, compact, 415, 'media-type.unsupported'],
    ['too many bytes', {}, Buffer.alloc(65_537, 0x20), 413, 'body.too-large'],
    ['too deep a content', {}, '['.repeat(100), 400, 'event.too-deep'],
  ])('answers %s as the intake would', async (_, headers, body, status, code) => {
    expect(await check('dmst-portability', headers, body)).toMatchObject({ status, json: { code } });
  });

  it('finds what is active in a PDF', async () => {
    const headers = { ...type('response'), 'content-type': 'application/pdf' };
    expect((await check('dmst-portability', headers, 'not a PDF')).json).toMatchObject({ valid: false });
  });
});

describe('a PDF with a script', () => {
  it('is refused as active, and the exchange still takes a good answer', async () => {
    const { id } = (await post(binary())).json as unknown as { id: string };
    await settled(relais);
    const [exchange] = await storeOf(relais).records.exchanges({ requestId: id });
    const headers = (own: string) =>
      binary({
        id: own,
        source: 'urn:relais:partner:spsti-a',
        recipient: 'spsti-b',
        type: 'fr.relais-st.dmst-portability.response.v1',
        datacontenttype: 'application/pdf',
        correlationid: exchange?.id,
        subjectref: exchange?.subjectRef,
        lastvisit: '2026-05-11',
      });
    const pdf = async (active: boolean) => {
      const document = await PDFDocument.create();
      document.addPage();
      if (active) document.addJavaScript('open', 'app.alert("HOUILLES")');
      return document.save();
    };
    const before = await rows(relais);
    const from = await lastEntry(relais);
    const refused = await a('/v1/messages', { headers: headers('pdf'), body: await pdf(true) });
    expect(refused).toMatchObject({ status: 422, json: { code: 'content.active' } });
    expect(refused.bytes.toString()).not.toContain('HOUILLES');
    expect(await rows(relais)).toEqual(before);
    expect(await journalAfter(relais, from)).toMatchObject([
      { kind: 'message.refused', details: { code: 'content.active' } },
    ]);
    const stranger = { ...headers('pdf'), 'ce-subjectref': 'another-person' };
    expect(await a('/v1/messages', { headers: stranger, body: await pdf(false) })).toMatchObject({
      status: 422,
      json: { code: 'content.invalid', errors: [{ code: 'exchange.subject-mismatch' }] },
    });
    const good = await a('/v1/messages', { headers: headers('pdf'), body: await pdf(false) });
    expect(good.status).toBe(202);
    expect(await a('/v1/messages', { headers: headers('late'), body: await pdf(false) })).toMatchObject({
      status: 422,
      json: { code: 'exchange.closed' },
    });
    await settled(relais);
  });
});
