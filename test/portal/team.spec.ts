/** Who sees what at the portal: colleagues, replacements, people without a professional card; and a whole story by the keyboard. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dossierOfServiceA } from '../../apps/cli/src/demo/dossier-of-service-a.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import {
  aDesk,
  aStory,
  complaintsOf,
  keptBy,
  look,
  openBrowser,
  type Page,
  reachByTab,
  signIn,
} from './screen.ts';

const INS_SCAN = `IS01${'0'.repeat(22)}S1275126322074974S21.2.250.1.213.1.4.8\u001dS3ZOE\u001dS4ADRUN\u001dS5FS631-12-1975S763220`;

aStory('a team at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let request: string;
  const complaints: string[][] = [];
  const pages: Partial<Record<DemoAccount, Page>> = {};

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    await relais.service('spsti-a', { dossiers: [dossierOfServiceA()] });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  async function deskOf(account: DemoAccount): Promise<Page> {
    const known = pages[account];
    if (known !== undefined) return known;
    const page = await (await aDesk(browser)).newPage();
    complaints.push(complaintsOf(page));
    await signIn(page, relais, account);
    pages[account] = page;
    return page;
  }

  it('asks for a dossier by the keyboard alone, from the first key to the opened summary', async () => {
    const page = await deskOf('doctor-b');
    const { keyboard } = page;
    const reach = (name: RegExp | string) => reachByTab(page, name);
    await reach('Nouvelle demande');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Nouvelle demande de dossier' }).waitFor();
    await reach('Datamatrix INS');
    // as a hand reader types it
    await keyboard.insertText(INS_SCAN);
    await keyboard.press('Enter');
    await expect.poll(() => page.getByLabel('Nom de naissance').inputValue()).toBe('ADRUN');
    await reach('Carte nationale d’identité');
    await keyboard.press('Space');
    await reach('Chercher un service');
    await keyboard.type('spsti a');
    await page.getByRole('option', { name: /SPSTI A/ }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Retirer SPSTI A (fictif)' }).waitFor();
    await reach(/Le travailleur a été informé/);
    await keyboard.press('Space');
    await reach('Envoyer la demande');
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ouvrir la synthèse' }).waitFor({ timeout: 55_000 });
    await reach('Ouvrir la synthèse');
    await keyboard.press('Enter');
    await page.locator('.pdf[data-state=drawn]').waitFor();
    request = new URL(page.url()).pathname;
  });

  it('shows it to nobody of another service, nor to a colleague to whom nothing was delegated', async () => {
    for (const account of ['doctor-a', 'doctor-b2'] as const) {
      const page = await deskOf(account);
      await page.getByText('Aucune demande pour le moment.').waitFor();
      await page.goto(`${relais.peopleUrl}${request}`);
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('button', { name: 'Ouvrir la synthèse' }).count()).toBe(0);
      const api = `/v1/dmst-requests/${request.split('/').at(-1)}`;
      expect((await relais.by(account)(api)).status).toBe(404);
      expect((await relais.by(account)(`${api}/summary.pdf`)).status).toBe(404);
    }
  });

  it('shows it to a replacement, from one press of the doctor on, and that is journalled', async () => {
    const replacement = await deskOf('doctor-b2');
    await replacement.goto(`${relais.peopleUrl}/delegations`);
    const reference = await replacement.locator('.reference').innerText();
    const doctor = await deskOf('doctor-b');
    await doctor.goto(`${relais.peopleUrl}/delegations`);
    await doctor.getByLabel('Personne').fill(reference);
    const last = new Date(Date.now() + 7 * 86_400_000);
    await doctor.getByLabel('Jusqu’au').fill(last.toLocaleDateString('fr-FR'));
    await doctor.getByRole('button', { name: 'Déléguer' }).click();
    await doctor.getByText('Enregistré, et inscrit au journal.').waitFor();
    await look(doctor, 'delegations');
    await replacement.goto(`${relais.peopleUrl}${request}`);
    await replacement.getByRole('button', { name: 'Ouvrir la synthèse' }).waitFor();
    const journal = (await relais.by('operator')('/v1/journal/export')).bytes.toString();
    expect(journal).toContain('delegation.recorded');
  });

  it('opens part A only to a prevention professional, once a doctor has delegated', async () => {
    const { json } = await relais.by('doctor-b')('/v1/delegations', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'iprp-b', to: new Date(Date.now() + 86_400_000).toISOString() }),
    });
    expect(json).toHaveProperty('id');
    const page = await deskOf('iprp-b');
    await page.goto(`${relais.peopleUrl}${request}`);
    await page.getByRole('button', { name: 'Ouvrir la synthèse' }).click();
    await page.locator('.pdf[data-state=drawn]').waitFor();
    const read = await page.locator('.pdf').innerText();
    expect(read).toContain('ADRUN');
    expect(read).not.toMatch(/Pénicilline/);
    expect(await page.getByText(/dernière visite/).count()).toBe(0);
    await look(page, 'synthese-partie-a');
  });

  it('leaves nothing of anybody in addresses, titles or storage', async () => {
    for (const page of Object.values(pages)) {
      const kept = await keptBy(page);
      expect(kept).not.toMatch(/ADRUN|ZOE|1975|275126322074974/);
    }
  });

  it('signs out: whoever comes back finds the door', async () => {
    const page = await deskOf('doctor-b2');
    await page.getByRole('button', { name: 'Quitter Relais' }).click();
    await page.getByRole('link', { name: /Pro Santé Connect/ }).waitFor();
    await page.goto(`${relais.peopleUrl}/demandes`);
    await page.getByRole('link', { name: /Pro Santé Connect/ }).waitFor();
  });

  it('gave its browsers nothing to complain of', () => {
    expect(complaints.flat().filter((one) => !/status of 404/.test(one))).toEqual([]);
  });
});
