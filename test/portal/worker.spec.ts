/** A worker in a browser: what is her own, opened by herself; who looked at it; a copy asked once, with its due date. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { listOf, proofOf, published, sampleOf, takenByPortal } from '../builders/own-space.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, reachByTab, signIn } from './screen.ts';

const FLOW = 'employee-portal';
const TRAITS = /ADRUN|ZOE|1975/;

aStory('a worker at the portal', () => {
  let relais: TestRelais;
  let service: Spsti;
  let browser: Browser;
  let desk: BrowserContext;
  let page: Page;
  let complaints: string[];
  let messageId: string;

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) }, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a');
    browser = await openBrowser();
    desk = await aDesk(browser);
    page = await desk.newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  const place = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
  const requests = () => listOf(relais, 'worker-zoe', '/v1/my/copy-requests');

  it('finds her door beside that of professionals', async () => {
    await page.goto(relais.peopleUrl);
    await page.getByRole('link', { name: 'FranceConnect+' }).waitFor();
    await look(page, 'connexion-portail');
  });

  it('finds nothing published yet, and nobody who looked', async () => {
    await signIn(page, relais, 'worker-zoe');
    await page.getByText('Aucun service n’a encore rien déposé pour vous.').waitFor();
    await look(page, 'suivi-vide');
    await place('Qui a vu mon dossier');
    await page.getByText('Vous n’avez encore rien ouvert ici.').waitFor();
    await look(page, 'acces-vides');
  });

  it('finds what her service published, and opens a document by the keyboard alone', async () => {
    messageId = await published(service, FLOW, 'view-zoe', sampleOf(FLOW, 'worker-view.full'));
    await takenByPortal(relais, messageId);
    await place('Mon suivi');
    await page.getByText('pas encore').waitFor();
    await look(page, 'suivi');
    await page.getByRole('main').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Avis d’aptitude' }).waitFor();
    // by the clock of the place, wherever it is read
    await page.getByText('8 déc. 2026, 09:30').waitFor();
    await look(page, 'suivi-vue');
    expect((await proofOf(service, messageId))?.outcome).toBe('received');
    const open = page.getByRole('button', { name: 'Ouvrir « Avis d’aptitude »' });
    await reachByTab(page, open);
    await page.keyboard.press('Enter');
    await page.locator('.pdf[data-state=drawn]').waitFor();
    await look(page, 'suivi-document');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Télécharger' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('avis-d-aptitude.pdf');
    await eventually(async () => (await proofOf(service, messageId))?.outcome === 'opened');
    expect(page.url()).not.toMatch(TRAITS);
    expect(await page.title()).not.toMatch(TRAITS);
  });

  it('reads who opened her file, and what she opened herself', async () => {
    await place('Qui a vu mon dossier');
    await page.getByRole('row').filter({ hasText: 'infirmier de santé au travail' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'document n° 1' }).waitFor();
    await look(page, 'acces');
  });

  it('is told what is missing before a copy is asked', async () => {
    await place('Copie de mon dossier');
    await page.getByText('Vous n’avez demandé aucune copie.').waitFor();
    await page.getByRole('button', { name: 'Demander la copie' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque' }).waitFor();
    await look(page, 'copie-incomplete');
    expect(await requests()).toEqual([]);
  });

  it('asks for a copy by the keyboard alone, and a second click asks for no other', async () => {
    const spsti = page.getByRole('radio', { name: /SPSTI A/ });
    await spsti.focus();
    await page.keyboard.press('Space');
    await expect.poll(() => spsti.isChecked()).toBe(true);
    // what was missing may be so no more
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect
      .poll(() => page.getByRole('radio', { name: 'Par voie électronique' }).isChecked())
      .toBe(true);
    // the form twice at once, before the page can know that the first one left
    await page.getByRole('form', { name: 'Demander une copie' }).evaluate((form) => {
      const { requestSubmit } = form as unknown as { requestSubmit(): void };
      requestSubmit.call(form);
      requestSubmit.call(form);
    });
    await page.getByText('Demande envoyée.').waitFor();
    await page.getByRole('row').filter({ hasText: 'SPSTI A' }).waitFor();
    const [asked, ...more] = await requests();
    expect(more).toEqual([]);
    await page.getByText(String(asked?.['number'])).waitFor();
    await look(page, 'copie-demandee');
  });

  const ask = async (since: string) => {
    await page.getByRole('form').getByText('SPSTI A (fictif)').click();
    await page.getByText('Une période').click();
    await page.getByLabel('Depuis le').fill(since);
    await page.getByText('Sur papier').click();
    await page.getByRole('button', { name: 'Demander la copie' }).click();
  };

  it('whose answer was lost asks for something else, and is not taken for the one before', async () => {
    await ask('31/02/2020');
    await page.getByRole('alert').filter({ hasText: 'une date de la période' }).waitFor();
    const asked = '**/v1/my/copy-requests';
    await page.route(asked, async (route) => {
      if (route.request().method() === 'GET') return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.getByLabel('Depuis le').fill('01/01/2020');
    await page.getByRole('button', { name: 'Demander la copie' }).click();
    await expect.poll(async () => (await requests()).length).toBe(2);
    await page.getByRole('alert').waitFor();
    await page.unroute(asked);
    await page.getByText('Par voie électronique').click();
    await page.getByRole('button', { name: 'Demander la copie' }).click();
    await expect.poll(async () => (await requests()).length).toBe(3);
    // sent, the form is empty again: pressing once more sends nothing
    await expect.poll(() => page.getByRole('radio', { name: /SPSTI A/ }).isChecked()).toBe(false);
    await page.getByRole('button', { name: 'Demander la copie' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque' }).waitFor();
  });

  it('is told in words when the service is asked too often', async () => {
    await ask('01/01/2020');
    await page.getByRole('alert').filter({ hasText: 'attendez sa réponse' }).waitFor();
    await look(page, 'copie-trop-souvent');
    expect(await requests()).toHaveLength(3);
  });

  it('gave its browser nothing to complain of but the refusal and the lost answer', () => {
    expect(complaints.filter((one) => !/status of 409|ERR_FAILED/.test(one))).toEqual([]);
  });

  it('sees nothing of another worker’s by her address, nor a page of anybody else’s', async () => {
    const [view] = await listOf(relais, 'worker-zoe', '/v1/my/views');
    const other = await (await aDesk(browser)).newPage();
    await signIn(other, relais, 'worker-other');
    await other.goto(`${relais.peopleUrl}/mon-suivi/${String(view?.['id'])}`);
    await other.getByRole('alert').waitFor();
    expect(await other.getByRole('main').innerText()).not.toMatch(TRAITS);
    await look(other, 'suivi-d-un-autre');
    // as of a portal that serves no service yet
    await other.route('**/v1/my/services', (route) => route.fulfill({ json: [] }));
    await other.goto(`${relais.peopleUrl}/mon-suivi/copie`);
    await other.getByText('Aucun service de santé au travail ne peut être joint').waitFor();
    await look(other, 'copie-sans-service');
    await other.goto(`${relais.peopleUrl}/exploitation`);
    await other.getByRole('heading', { name: 'Page introuvable' }).waitFor();
  });
});
