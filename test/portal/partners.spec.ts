/** An operator looks at partners in a browser: who they are, what their agreement says, what ends; no secret, nobody's health. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, reachByTab, signIn } from './screen.ts';

aStory('partners at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_PEOPLE_PORT: String(await freePort()) },
      {
        alsoKeysOf: ['dmp'],
        agreements: {
          dmp: { channels: { mhd: { endpoint: 'https://dmp.example/fhir', transaction: 'ITI-65' } } },
        },
      },
    );
    browser = await openBrowser();
    page = await (await aDesk(browser)).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('are all there, each with what ends first', async () => {
    await signIn(page, relais, 'operator');
    await page.getByRole('link', { name: 'Partenaires' }).click();
    const table = page.getByRole('table', { name: 'Conventions en vigueur' });
    await table.waitFor();
    const { json } = await relais.by('operator')('/v1/operations/partners');
    expect(await table.getByRole('row').count()).toBe(json.length + 1);
    await table
      .getByRole('row')
      .filter({ hasText: 'SPSTI B (fictif)' })
      .getByText('peut se connecter')
      .waitFor();
    await look(page, 'partenaires');
  });

  it('are found while typing, or none is', async () => {
    const search = page.getByLabel('Chercher');
    await search.fill('pdsm');
    await page.getByText('1 partenaire', { exact: true }).waitFor();
    await search.fill('personne de ce nom');
    await page.getByText('0 partenaire', { exact: true }).waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await look(page, 'partenaires-aucun');
    await search.fill('');
  });

  it('open by the keyboard alone, and show keys, ways and mandates', async () => {
    await page.getByLabel('Chercher').focus();
    await reachByTab(page, 'SPSTI B (fictif)');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'SPSTI B (fictif)' }).waitFor();
    const keys = page.getByRole('table', { name: 'Clés de chiffrement' });
    await keys.getByRole('row').filter({ hasText: 'ses professionnels de santé' }).waitFor();
    await page
      .getByRole('table', { name: 'Mandats' })
      .getByRole('row')
      .filter({ hasText: 'appeler INSi en son nom' })
      .waitFor();
    await look(page, 'partenaire');
    const shown = await page.locator('body').innerText();
    expect(shown).not.toMatch(/BEGIN|PRIVATE|\/pki\//);
    await reachByTab(page, 'Recherche et vérification');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Vérifier mon message' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'SPSTI B (fictif)' }).waitFor();
  });

  it('are said not to be there when there is none of that name', async () => {
    await page.goto(`${relais.peopleUrl}/exploitation/partenaires/personne`);
    await page.getByRole('alert').waitFor();
    await look(page, 'partenaire-inconnu');
  });

  it('are not pages of anybody else', async () => {
    const auditor = await (await aDesk(browser)).newPage();
    await signIn(auditor, relais, 'auditor-b');
    expect(await auditor.getByRole('link', { name: 'Partenaires' }).count()).toBe(0);
    await auditor.goto(`${relais.peopleUrl}/exploitation/partenaires`);
    await auditor.getByRole('heading', { level: 1 }).waitFor();
    expect(await auditor.getByText('SPSTI A (fictif)').count()).toBe(0);
    await auditor.close();
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints.filter((one) => !/status of 404/.test(one))).toEqual([]);
  });
});
