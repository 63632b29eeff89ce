/** An operator's screens: what moves, what waits, what died, and never whom it is about. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { write } from '#core';
import { dossierOfServiceA } from '../../apps/cli/src/demo/dossier-of-service-a.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { aDelivery, aMessage, insertMessage } from '../ports/stores.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, signIn } from './screen.ts';

const MANY = 10_000;
const AT_ONCE = 500;

aStory('an operator at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    await relais.service('spsti-a', { dossiers: [dossierOfServiceA()] });
    const { unitOfWork } = relais.broker.engine.stages;
    const message = aMessage({ flow: 'sumer', status: 'dead' });
    await unitOfWork.commit([insertMessage(message)]);
    for (let n = 0; n < MANY; n += AT_ONCE)
      await unitOfWork.commit(
        Array.from({ length: AT_ONCE }, (_, i) =>
          write('delivery.insert', {
            delivery: aDelivery({
              messageId: message.id,
              recipient: n + i === 7_321 ? 'cnam' : `partner-${n + i}`,
              flow: 'sumer',
              state: 'dead',
              lastError: 'transport.unreachable',
              expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
            }),
          }),
        ),
      );
    browser = await openBrowser();
    page = await (await aDesk(browser)).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('sees the fifteen flows at a glance', async () => {
    await signIn(page, relais, 'operator');
    await page.getByRole('table', { name: 'Flux' }).waitFor();
    expect(await page.getByRole('table', { name: 'Flux' }).getByRole('row').count()).toBe(16);
    await look(page, 'exploitation');
  });

  it('walks ten thousand deliveries, of which the page holds what is seen', async () => {
    await page.getByRole('link', { name: 'Remises' }).click();
    await page.getByRole('row').nth(3).waitFor();
    const list = page.getByRole('grid', { name: 'Remises' });
    for (let turn = 0; turn < 60; turn += 1) {
      if (await page.getByText(`${MANY} remises`, { exact: true }).isVisible()) break;
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(100);
    }
    await page.getByText(`${MANY} remises`, { exact: true }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    await look(page, 'remises');
  });

  it('finds one among them while typing', async () => {
    await page.getByLabel('Chercher').fill('cnam');
    await page.getByText('1 remise', { exact: true }).waitFor();
    await page.getByRole('row').filter({ hasText: 'cnam' }).click();
    await page.getByRole('heading', { name: 'Un message' }).waitFor();
  });

  it('looks at what a replay would do before it does anything', async () => {
    await page.getByRole('link', { name: 'Rejeu' }).click();
    await page.getByLabel('Partenaire').fill('cnam');
    await page.getByRole('button', { name: 'Voir ce qui serait rejoué' }).click();
    await page.getByText('rien n’est encore parti').waitFor();
    await look(page, 'rejeu');
    const { json } = await relais.by('operator')('/v1/operations/deliveries?state=dead&limit=1');
    expect(json).toHaveLength(1);
  });

  it('checks a message against a contract, and is shown what is wrong where it is', async () => {
    await page.getByRole('link', { name: 'Contrats' }).click();
    await page.getByRole('link', { name: /Recherche et vérification/ }).click();
    await page.getByRole('button', { name: 'search.adrun.json' }).click();
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByText('Conforme au contrat.').waitFor();
    const content = page.getByLabel('Contenu (JSON)');
    await content.fill((await content.inputValue()).replace('1975-12-31', '31/12/1975'));
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByRole('row').filter({ hasText: '/traits/birthDate' }).waitFor();
    await look(page, 'contrat');
  });

  it('never reads who a message is about, nor what it says', async () => {
    const { json } = await relais.by('doctor-b')('/v1/dmst-requests', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        worker: {
          traits: {
            birthName: 'ADRUN',
            firstNames: ['ZOE'],
            sex: 'F',
            birthDate: '1975-12-31',
            birthPlace: '63220',
          },
        },
        sources: ['spsti-a'],
        informedAt: new Date().toISOString(),
        nonOpposition: true,
        recordedBy: 'Dr FICTIF',
        evidenceSeen: 'CN',
      }),
    });
    await expect
      .poll(
        async () => (await relais.by('doctor-b')(`/v1/dmst-requests/${String(json['id'])}`)).json['state'],
        {
          timeout: 30_000,
        },
      )
      .toMatch(/SENT|RECEIVED|FILED/);
    const operator = relais.by('operator');
    const { json: deliveries } = await operator('/v1/operations/deliveries?flow=dmst-portability');
    const [first] = deliveries as unknown as { messageId: string }[];
    await page.goto(`${relais.peopleUrl}/exploitation/messages/${first?.messageId ?? ''}`);
    await page.getByRole('table', { name: /journal/ }).waitFor();
    await look(page, 'message');
    const shown = await page.locator('body').innerText();
    for (const told of [
      shown,
      JSON.stringify((await operator(`/v1/operations/messages/${first?.messageId}`)).json),
    ])
      expect(told).not.toMatch(/ADRUN|ZOE|1975|275126322074974/);
    expect((await operator(`/v1/dmst-requests/${String(json['id'])}`)).status).toBe(403);
    expect((await operator(`/v1/dmst-requests/${String(json['id'])}/summary.pdf`)).status).toBe(403);
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
