/** A session at the portal: where one is, and what is said when it ended. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, signIn } from './screen.ts';

aStory('a session at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    browser = await openBrowser();
    page = await (await aDesk(browser)).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('shows which place is open, calls the window after it, and goes on reading there', async () => {
    await signIn(page, relais, 'doctor-b');
    expect(await page.title()).toBe('Demandes · Relais');
    await page.getByRole('link', { name: 'Délégations' }).click();
    await page.getByRole('heading', { level: 1, name: 'Délégations' }).waitFor();
    await expect.poll(() => page.title()).toBe('Délégations · Relais');
    expect(await page.locator('nav [aria-current=page]').allTextContents()).toEqual(['Délégations']);
    expect(await page.evaluate('document.activeElement.id')).toBe('contenu');
  });

  it('says that it ended elsewhere at the next thing asked, and takes one in again', async () => {
    const other = await page.context().newPage();
    await other.goto(relais.peopleUrl);
    await other.getByRole('button', { name: 'Quitter Relais' }).click();
    await other.getByRole('link', { name: /Pro Santé Connect/ }).waitFor();
    await other.close();
    await page.getByRole('link', { name: 'Demandes', exact: true }).click();
    await page.getByText('Votre session est terminée.').waitFor();
    await look(page, 'session-terminee');
    // the issuer knows the person still
    await page.getByRole('link', { name: /Pro Santé Connect/ }).click();
    await page.getByRole('heading', { name: 'Demandes de dossier' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
