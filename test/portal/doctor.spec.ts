/** The doctor's story, in a real browser against a running broker: from signing in to an opened summary. */
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dossierOfServiceA } from '../../apps/cli/src/demo/dossier-of-service-a.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, signIn } from './screen.ts';

const ZOE = `IS01${'0'.repeat(22)}S1275126322074974S21.2.250.1.213.1.4.8\u001dS3ZOE\u001dS4ADRUN\u001dS5FS631-12-1975S763220`;

aStory('a doctor at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let desk: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    await relais.service('spsti-a', { dossiers: [dossierOfServiceA()] });
    browser = await openBrowser();
    desk = await aDesk(browser);
    page = await desk.newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('is shown the ways to sign in', async () => {
    await page.goto(relais.peopleUrl);
    await page.getByRole('link', { name: /Pro Santé Connect/ }).waitFor();
    await look(page, 'connexion');
  });

  it('signs in with Pro Santé Connect, and finds no request yet', async () => {
    await signIn(page, relais, 'doctor-b');
    await expect.poll(() => page.getByText('Aucune demande pour le moment.').isVisible()).toBe(true);
    await look(page, 'demandes-vides');
  });

  it('is told what is missing before anything leaves', async () => {
    await page.getByRole('main').getByRole('link', { name: 'Nouvelle demande' }).click();
    await page.getByRole('button', { name: 'Envoyer la demande' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque' }).waitFor();
    await look(page, 'demande-incomplete');
  });

  it('scans the datamatrix, chooses the service, records the information, sends, and opens the summary', async () => {
    const scan = page.getByLabel('Datamatrix INS');
    await scan.fill(ZOE);
    await scan.press('Enter');
    await expect.poll(() => page.getByLabel('Nom de naissance').inputValue()).toBe('ADRUN');
    await page.getByText('Carte nationale d’identité', { exact: true }).click();
    await page.getByText(/Identité qualifiée/).waitFor();
    await page.getByRole('combobox', { name: 'Chercher un service' }).fill('a (fictif)');
    await page.getByRole('option', { name: /SPSTI A/ }).click();
    await page.getByText(/Le travailleur a été informé/).click();
    await look(page, 'demande-remplie');
    await page.getByRole('button', { name: 'Envoyer la demande' }).click();
    await page.getByRole('button', { name: 'Ouvrir la synthèse' }).waitFor({ timeout: 55_000 });
    await look(page, 'demande-recue');
    await page.getByRole('button', { name: 'Ouvrir la synthèse' }).click();
    await page.locator('.pdf[data-state=drawn]').waitFor();
    expect(await page.locator('.pdf').innerText()).toContain('ADRUN');
    await expect.poll(() => page.getByText('dossier ouvert').first().isVisible()).toBe(true);
    await look(page, 'synthese');
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });

  it('finds the request again in its list', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Demandes', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'SPSTI A' }).waitFor();
    await look(page, 'demandes');
  });
});
