/** A service may let one file whose owner nobody could doubt answer by itself: off by default. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedOfA, aVendorPdf, opened, PAGES, propose } from '../builders/incoming.ts';
import { aDmst, arrived, journal, rows, until } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

describe('where the service let it', () => {
  let relais: TestRelais;
  beforeAll(async () => {
    relais = await aRelais({}, { agreements: { 'spsti-a': { pages: true, automaticRelease: true } } });
    await relais.service('spsti-b');
  });
  afterAll(() => relais.close());
  const kept = () => rows(relais, 'SELECT id FROM candidate').length;

  it('one file whose matricule, birth date and birth name agree answers at once', async () => {
    const { request, exchange } = await askedOfA(relais);
    const { status, json } = await propose(relais, exchange);
    expect({ status, json }).toEqual({
      status: 201,
      json: { exchange, state: 'SENT', candidates: 0, released: true },
    });
    await until(relais, request, arrived);
    expect(kept()).toBe(0);
    expect(journal(relais).find(({ kind }) => kind === 'response.released')).toMatchObject({
      actor: 'spsti-a',
      exchangeId: exchange,
      details: { partner: 'spsti-a', automatic: true },
    });
    expect((await opened(relais, exchange)).answer).toMatchObject({ kind: 'response', by: 'software' });
    expect((await propose(relais, exchange)).status).toBe(409);
  });

  const waiting: [string, object, () => Promise<Parameters<typeof propose>[2]>][] = [
    ['a request without a qualified matricule', { evidenceSeen: undefined }, async () => ({})],
    ['a file without a matricule', {}, async () => ({ body: aDmst({ identity: { ins: undefined } }) })],
    ['another birth name', {}, async () => ({ body: aDmst({ identity: { birthName: 'ADRUNE' } }) })],
    ['another birth date', {}, async () => ({ body: aDmst({ identity: { birthDate: '1975-12-30' } }) })],
    [
      'a PDF, which names nobody that can be read',
      {},
      async () => ({
        body: await aVendorPdf(),
        mediaType: 'application/pdf',
        headers: { 'relais-lastvisit': '2026-05-11' },
      }),
    ],
    ['an opposition', {}, async () => ({ headers: { 'relais-opposition': 'true' } })],
    ['a file that others follow', {}, async () => ({ headers: { 'relais-more': 'true' } })],
  ];
  it.each(waiting)('%s waits for a person', async (_, asked, file) => {
    const { exchange } = await askedOfA(relais, asked as Record<string, unknown>);
    expect(await propose(relais, exchange, await file())).toMatchObject({
      status: 201,
      json: { released: false, state: 'MATCHED', candidates: 1 },
    });
    expect((await opened(relais, exchange)).isOpen).toBe(true);
  });

  it('so does a second file, however sure', async () => {
    const { exchange } = await askedOfA(relais);
    await propose(relais, exchange, {
      body: aDmst({ lastVisit: '2024-09-16' }),
      headers: { 'relais-more': 'true' },
    });
    expect((await propose(relais, exchange)).json).toMatchObject({ released: false, state: 'AMBIGUOUS' });
  });
});

it('off by default: the surest file waits for a person', async () => {
  const relais = await aRelais({}, PAGES);
  try {
    const { exchange } = await askedOfA(relais);
    expect((await propose(relais, exchange)).json).toMatchObject({ released: false, state: 'MATCHED' });
    expect(journal(relais).some(({ kind }) => kind === 'response.released')).toBe(false);
  } finally {
    await relais.close();
  }
});
