/** A service is asked for a dossier, in a browser: what was found stands beside the request, one file leaves or none. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askedOfA, aVendorPdf, candidatesIn, decide, PAGES, propose } from '../builders/incoming.ts';
import { aDmst, journal } from '../builders/portability.ts';
import { aRelais, keeperTurn, type TestRelais } from '../builders/relais.ts';
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

aStory('a source service at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  const open = async (exchange: string) => {
    await page.goto(`${relais.peopleUrl}/recues/${exchange}`);
    await page.getByRole('heading', { name: 'Pour qui' }).waitFor();
  };
  const said = (words: RegExp | string) => page.getByRole('alert').filter({ hasText: words }).waitFor();

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) }, PAGES);
    browser = await openBrowser();
    // west of Greenwich, where midnight of UTC is the day before
    page = await (await aDesk(browser, 'America/Cayenne')).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('finds nothing to answer at first', async () => {
    await signIn(page, relais, 'doctor-a');
    await page.getByRole('link', { name: 'Demandes reçues' }).click();
    await page.getByText('Aucune demande n’attend de réponse.').waitFor();
    await look(page, 'recues-vides');
    await page.getByText('Toutes, les plus récentes d’abord').click();
    await page.getByText('Aucune demande reçue.').waitFor();
  });

  it('reads in the list who asks and until when, and nobody’s name', async () => {
    const { exchange } = await askedOfA(relais);
    await decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R07' });
    await askedOfA(relais);
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    const row = page.getByRole('row').filter({ hasText: 'SPSTI B (fictif)' });
    await row.getByText(/dans \d+ (jours|h)/).waitFor();
    expect(await page.getByRole('main').innerText()).not.toMatch(/ADRUN|ZOE/);
    await page.getByText('Toutes, les plus récentes d’abord').click();
    await page.getByText('refusée').waitFor();
    await look(page, 'recues');
  });

  it('opens one, and is told that nothing is proposed yet', async () => {
    const { exchange } = await askedOfA(relais);
    await open(exchange);
    await page.getByText('Aucun dossier n’est proposé pour le moment.').waitFor();
    await page.getByRole('cell', { name: 'ADRUN' }).waitFor();
    expect(await page.getByRole('form', { name: 'Transmettre' }).count()).toBe(0);
    await look(page, 'recue-sans-dossier');
  });

  it('compares, chooses and transmits by the keyboard alone, and only after a confirmation', async () => {
    const { exchange } = await askedOfA(relais);
    await propose(relais, exchange, { headers: { 'relais-more': 'true', 'relais-label': 'Centre%20Nord' } });
    const other = aDmst({ identity: { birthName: 'ADRUNE', ins: undefined }, lastVisit: '2024-09-16' });
    await propose(relais, exchange, { body: other });
    await page.goto(`${relais.peopleUrl}/recues`);
    const { keyboard } = page;
    await page.getByRole('table').waitFor();
    const here = () => page.evaluate<string>('document.activeElement.getAttribute("href") ?? ""');
    for (let turn = 0; turn < 60 && !(await here()).endsWith(exchange); turn += 1)
      await keyboard.press('Tab');
    await keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Dossier 2' }).waitFor();
    const name = page.getByRole('row').filter({ hasText: 'Nom de naissance' });
    await name.getByText('différent : Une seule lettre diffère.').waitFor();
    await name.getByText('identique').waitFor();
    await page.getByRole('cell', { name: '16 septembre 2024' }).waitFor();
    await page.getByRole('radio', { name: /Dossier 2 \(dernière visite le 16 septembre 2024\)/ }).waitFor();

    await reachByTab(page, 'Transmettre…');
    await keyboard.press('Enter');
    await said('Choisissez le dossier à transmettre.');
    await keyboard.press('Shift+Tab');
    await keyboard.press('Space');
    const second = page.getByRole('radio', { name: /Dossier 2/ });
    await expect.poll(() => second.isChecked()).toBe(true);
    expect(await page.getByText('Choisissez le dossier à transmettre.').count()).toBe(0);
    await reachByTab(page, 'Transmettre…');
    await keyboard.press('Enter');
    await said('Confirmez d’abord');
    await look(page, 'recue-deux-dossiers');
    await second.focus();
    await keyboard.press('ArrowUp');
    await expect.poll(() => page.getByRole('radio', { name: /Centre Nord/ }).isChecked()).toBe(true);
    await reachByTab(page, 'Transmettre…');
    await keyboard.press('Enter');
    await page.getByRole('group', { name: /Transmettre ce dossier à SPSTI B/ }).waitFor();
    // the same key once more decides nothing
    await keyboard.press('Enter');
    expect(candidatesIn(relais, exchange)).toBe(2);
    await look(page, 'recue-confirmer');
    await reachByTab(page, 'Oui, transmettre');
    await keyboard.press('Enter');
    await page.getByText('Dossier transmis par vous', { exact: false }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Le dossier est parti.' }).waitFor();
    expect(candidatesIn(relais, exchange)).toBe(0);
    expect(await page.getByRole('main').innerText()).not.toMatch(/ADRUN|ZOE/);
    await look(page, 'recue-transmise');
  });

  it('is told when somebody was there first, and by whom', async () => {
    const { exchange } = await askedOfA(relais);
    await open(exchange);
    await page.getByRole('button', { name: 'Refuser…' }).click();
    await said('Choisissez un motif.');
    await page.getByText('Dossier archivé ou détruit').click();
    expect(await page.getByText('Choisissez un motif.').count()).toBe(0);
    await page.getByRole('button', { name: 'Refuser…' }).click();
    const yes = page.getByRole('button', { name: 'Oui, refuser' });
    await yes.waitFor();
    await decide(relais, 'doctor-a', exchange, 'refuse', { code: 'R03' });
    await yes.click();
    await said('Cette demande a déjà reçu sa réponse, ou elle est close.');
    await page.getByText('Refus donné par vous', { exact: false }).waitFor();
    expect(await page.getByRole('button', { name: /refuser/i }).count()).toBe(0);
    await look(page, 'recue-trop-tard');
  });

  it('joins a file that was found elsewhere, once what is wrong with it is mended', async () => {
    const { exchange } = await askedOfA(relais);
    await open(exchange);
    const join = page.getByRole('form', { name: 'Joindre un dossier' });
    const press = () => join.getByRole('button', { name: 'Joindre' }).click();
    await press();
    await said('Choisissez un fichier.');
    const pdf = (buffer: Buffer) =>
      join.getByLabel('Fichier').setInputFiles({ name: 'd.pdf', mimeType: 'application/pdf', buffer });
    await pdf(await aVendorPdf({ active: true }));
    await press();
    await said('Écrivez la date de la dernière visite');
    await join.getByLabel('Dernière visite').fill('11/05/2026');
    await press();
    await said('Document à contenu actif refusé. Le PDF contient du JavaScript.');
    await look(page, 'recue-fichier-refuse');
    await pdf(await aVendorPdf());
    await press();
    await page.getByText('Dossier joint à la demande', { exact: false }).waitFor();
    await page.getByText(/par vous/).waitFor();
    await page.getByText('11 mai 2026').first().waitFor();
    await page.getByText('Dossier 1 (dernière visite').click();
    await page.getByText(/J’ai comparé/).click();
    await look(page, 'recue-fichier-joint');
    await page.getByRole('button', { name: 'Transmettre…' }).click();
    await page.getByRole('button', { name: 'Oui, transmettre' }).dblclick();
    await page.getByText('Dossier transmis par vous', { exact: false }).waitFor();
    const left = journal(relais).filter(
      ({ kind, exchangeId }) => kind === 'response.released' && exchangeId === exchange,
    );
    expect(left.map(({ details }) => details?.['identityConfirmed'])).toEqual([true]);
  });

  it('can only refuse when the worker objected', async () => {
    const { exchange } = await askedOfA(relais);
    await propose(relais, exchange);
    await propose(relais, exchange, { body: '', headers: { 'relais-opposition': 'true' } });
    await open(exchange);
    await said('Le travailleur s’est opposé à la transmission');
    expect(await page.getByRole('form', { name: 'Transmettre' }).count()).toBe(0);
    await look(page, 'recue-opposition');
    await page.getByText('Le travailleur s’est opposé à la transmission', { exact: true }).click();
    await page.getByRole('button', { name: 'Refuser…' }).click();
    await page.getByRole('button', { name: 'Oui, refuser' }).click();
    await page.getByText('Refus donné par vous', { exact: false }).waitFor();
    expect(candidatesIn(relais, exchange)).toBe(0);
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.getByRole('heading', { level: 1 }).waitFor();
          return page.getByText('Aucun dossier transmissible.').count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
  });

  it('sees what is late, then what nobody answered', async () => {
    const { exchange } = await askedOfA(relais);
    await propose(relais, exchange);
    const past = (column: string, days: number) => {
      const store = new Database(join(relais.demo.home, 'relais.sqlite'));
      store
        .prepare(`UPDATE exchange SET ${column} = ? WHERE id = ?`)
        .run(new Date(Date.now() - days * 86_400_000).toISOString(), exchange);
      store.close();
    };
    past('deadline', 3);
    await keeperTurn(relais);
    await page.goto(`${relais.peopleUrl}/recues`);
    await page.getByText('(en retard de 3 jours)').waitFor();
    await look(page, 'recues-en-retard');
    past('expires_at', 1);
    await keeperTurn(relais);
    await page.goto(`${relais.peopleUrl}/recues/${exchange}`);
    await page.getByText(/Personne n’a répondu avant le/).waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    await look(page, 'recue-expiree');
  });

  it('is told in plain words of a request that is not its own', async () => {
    await page.goto(`${relais.peopleUrl}/recues/nothing`);
    await said('Cette demande n’existe pas, ou elle n’est pas adressée à votre service.');
    await look(page, 'recue-introuvable');
  });

  it('says so to people of a service that answers by its own software', async () => {
    const other = await (await aDesk(browser)).newPage();
    await signIn(other, relais, 'doctor-b');
    await other.getByRole('link', { name: 'Demandes reçues' }).click();
    await other.getByText('Votre service répond aux demandes par son propre logiciel.').waitFor();
    await look(other, 'recues-ailleurs');
  });

  it('leaves nothing of anybody in addresses, titles or storage, and its browser nothing to complain of', async () => {
    expect(await keptBy(page)).not.toMatch(/ADRUN|ZOE|1975|2751263220749/);
    // the refusals that this story asks for
    expect(complaints.filter((one) => !/status of 4(04|09|22)/.test(one))).toEqual([]);
  });
});

aStory('a secretary of a source service, under a delegation', () => {
  let relais: TestRelais;
  let browser: Browser;
  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_PEOPLE_PORT: String(await freePort()) },
      { agreements: { 'spsti-b': { pages: true } } },
    );
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it('joins what she found; when somebody was last seen, and sending it, are for health professionals', async () => {
    const { exchange } = await askedOfA(
      relais,
      {},
      { source: 'spsti-b', asker: 'doctor-a', reader: 'doctor-b' },
    );
    const page = await (await aDesk(browser)).newPage();
    await signIn(page, relais, 'secretary-b');
    await page.goto(`${relais.peopleUrl}/recues`);
    await page.getByRole('alert').filter({ hasText: 'Demandez à un médecin du service' }).waitFor();
    await look(page, 'recues-sans-delegation');
    await relais.by('doctor-b')('/v1/delegations', {
      body: JSON.stringify({ account: 'secretary-b', to: new Date(Date.now() + 86_400_000).toISOString() }),
    });
    await page.goto(`${relais.peopleUrl}/recues/${exchange}`);
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'dmst.json', mimeType: 'application/json', buffer: aDmst() });
    await page.getByRole('button', { name: 'Joindre' }).click();
    await page.getByText('Seul un professionnel de santé de votre service', { exact: false }).waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('11 mai 2026');
    await look(page, 'recue-secretariat');
  });
});
