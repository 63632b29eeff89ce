/** An employer in a browser: what services addressed to the establishment, and a declaration checked, sent, judged line by line. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { listOf, posted, proofOf, published, sampleOf, takenByPortal } from '../builders/own-space.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, reachByTab, signIn } from './screen.ts';

const FLOW = 'employer-portal';
const HEADS = 'nature;nom;prenoms;naissance;sexe;debut;fin;poste;pcs;contrat';
const ENTRY = 'entrée;CORSE;ANTHONY;02/03/1980;M;01/12/2026;;Magasinier;653a;CDI';
const UNKNOWN = 'sortie;INCONNU;ALBAN;05/06/1990;M;;30/11/2026;;;';
const fileOf = (...rows: string[]) => ({
  name: 'effectif.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([HEADS, ...rows].join('\r\n')),
});

aStory('an employer at the portal', () => {
  let relais: TestRelais;
  let service: Spsti;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) }, { alsoKeysOf: ['portail'] });
    service = await relais.service('spsti-a');
    browser = await openBrowser();
    page = await (await aDesk(browser)).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  const place = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click();
  const declarations = () => listOf(relais, 'employer-a', '/v1/employer/declarations');
  const back = () => page.getByRole('link', { name: 'Tous les documents reçus' }).click();

  it('finds nothing received and nothing declared yet', async () => {
    await signIn(page, relais, 'employer-a');
    await page.getByText('Aucun service ne vous a encore rien adressé.').waitFor();
    await look(page, 'employeur-vide');
    await place('Déclarations');
    await page.getByText('Aucune déclaration pour le moment.').waitFor();
    await look(page, 'declarations-vides');
  });

  it('reads an avis, an unfitness, recommendations and the state of the establishment', async () => {
    const publish = (name: string) => published(service, FLOW, name, sampleOf(FLOW, `employer-view.${name}`));
    await publish('establishment');
    await publish('recommendations');
    await publish('unfitness');
    const avis = await publish('fitness');
    await takenByPortal(relais, avis);
    await place('Documents reçus');
    const links = page.getByRole('main').getByRole('table').getByRole('link');
    await expect.poll(() => links.count()).toBe(4);
    await look(page, 'employeur');

    await links.nth(0).click();
    await page.getByRole('heading', { name: 'Avis d’aptitude' }).waitFor();
    await page.getByText('agents CMR').waitFor();
    await look(page, 'employeur-avis');
    expect((await proofOf(service, avis))?.outcome).toBe('opened');
    await back();
    await links.nth(1).click();
    await page.getByRole('heading', { name: 'Avis d’inaptitude' }).waitFor();
    await look(page, 'employeur-inaptitude');
    await back();
    await links.nth(2).click();
    await page.getByRole('heading', { name: 'Mesures proposées' }).waitFor();
    await look(page, 'employeur-preconisations');
    await back();
    await links.nth(3).click();
    await page.getByRole('heading', { name: 'Effectif' }).waitFor();
    // four women had an avis of fitness: too few to be told
    const fitness = page.getByRole('row').filter({ hasText: 'Avis d’aptitude' });
    expect(await fitness.innerText()).toContain('moins de 11');
    await look(page, 'employeur-etablissement');
    expect(page.url()).not.toMatch(/ADRUN|99000512600018/);
  });

  it('is told what is missing, and what cannot be read of a file', async () => {
    await place('Déclarations');
    await page.getByRole('link', { name: 'Nouvelle déclaration' }).click();
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque :' }).waitFor();
    await page.getByLabel('Fichier (CSV)').setInputFiles({
      name: 'photo.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    });
    await page.getByRole('alert').filter({ hasText: 'nommer les colonnes' }).waitFor();
    const help = await page
      .getByLabel('Fichier (CSV)')
      .evaluate(
        (one) => one.ownerDocument.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent,
      );
    expect(help).toContain('2 000 au plus');
    await look(page, 'declaration-illisible');
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque :' }).waitFor();
  });

  it('is told line by line what to correct, and nothing is sent', async () => {
    await page.getByText('SPSTI A (fictif)').click();
    // what was missing may be so no more; what was wrong with the file still is
    await expect.poll(() => page.getByRole('alert').filter({ hasText: 'Il manque :' }).count()).toBe(0);
    await page.getByRole('alert').filter({ hasText: 'nommer les colonnes' }).waitFor();
    await page.getByText('Employeur', { exact: true }).click();
    await page
      .getByLabel('Fichier (CSV)')
      .setInputFiles(fileOf(ENTRY, UNKNOWN.replace('30/11/2026', '30/11')));
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    await page.getByRole('alert').filter({ hasText: '1 ligne est à corriger sur 2' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'INCONNU' }).innerText()).toContain(
      'fin : date à écrire JJ/MM/AAAA',
    );
    await look(page, 'declaration-a-corriger');
    expect(await declarations()).toEqual([]);
  });

  it('is told of a file that cannot be read, and nothing of the one before is left to send', async () => {
    const file = page.getByLabel('Fichier (CSV)');
    const read = page.getByText('2 lignes lues');
    const sound = fileOf(ENTRY, '', UNKNOWN);
    await file.setInputFiles({
      ...sound,
      buffer: Buffer.concat([sound.buffer, Buffer.alloc(4_000_000, '\n')]),
    });
    await page.getByRole('alert').filter({ hasText: 'trop grand' }).waitFor();
    expect(await read.count()).toBe(0);
    await file.setInputFiles(sound);
    await read.waitFor();
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    // the empty line counts
    await page.getByRole('row', { name: /^3 sortie/ }).waitFor();
    await page.getByRole('button', { name: 'Envoyer la déclaration' }).waitFor();
    // as of a disk that was unplugged
    await page.evaluate('File.prototype.arrayBuffer = () => Promise.reject(new Error("gone"))');
    await file.setInputFiles(sound);
    await page.getByRole('alert').filter({ hasText: 'n’a pas pu être lu' }).waitFor();
    await page.evaluate('delete File.prototype.arrayBuffer');
    expect(await read.count()).toBe(0);
    await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque : le fichier.' }).waitFor();
    expect(await declarations()).toEqual([]);
  });

  it('corrects, checks and sends by the keyboard alone; a second click sends no other', async () => {
    // the system's own dialogue, answered as its user would
    page.on('filechooser', (chooser) => void chooser.setFiles(fileOf(ENTRY, UNKNOWN)));
    await page.getByRole('radio', { name: 'SPSTI A (fictif)' }).focus();
    await reachByTab(page, page.getByLabel('Fichier (CSV)'));
    await page.keyboard.press('Space');
    await page.getByText('2 lignes lues').waitFor();
    await expect.poll(() => page.getByText('1 ligne est à corriger').count()).toBe(0);
    await reachByTab(page, page.getByRole('button', { name: 'Vérifier le fichier' }));
    await page.keyboard.press('Enter');
    await page.getByText('Les 2 lignes peuvent partir.').waitFor();
    await look(page, 'declaration-verifiee');
    await page.getByRole('form', { name: 'Déclarer' }).evaluate((form) => {
      const { requestSubmit } = form as unknown as { requestSubmit(): void };
      requestSubmit.call(form);
      requestSubmit.call(form);
    });
    await page.getByRole('heading', { name: 'Déclaration', exact: true }).waitFor();
    expect(await declarations()).toHaveLength(1);
  });

  it('reads the service’s verdict on each line', async () => {
    await eventually(async () => (await declarations())[0]?.['state'] === 'answered');
    const again = page.getByRole('button', { name: 'Le service a-t-il répondu ?' });
    await page.getByText('Envoyée le').waitFor();
    if (await again.isVisible()) await again.click();
    await page.getByRole('row').filter({ hasText: 'Prise en compte.' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'ne suit pas cette personne' }).waitFor();
    await look(page, 'declaration-jugee');
    await page.getByRole('link', { name: 'Toutes les déclarations' }).click();
    await page.getByRole('row').filter({ hasText: 'Le service a répondu.' }).waitFor();
    await look(page, 'declarations');
  });

  it('asks whether a service that is silent answered, and is told not yet', async () => {
    const [first] = await declarations();
    const { json } = await posted(relais, 'employer-a', '/v1/employer/declarations', {
      key: crypto.randomUUID(),
      service: 'spsti-b',
      capacity: 'EMPLOYEUR',
      lines: [
        { kind: 'RISQUE', jobTitle: 'Opérateur', pcsCode: '674d', sirTriggers: ['CMR'], exposedCount: 2 },
      ],
    });
    expect(json['id']).not.toBe(first?.['id']);
    await page.goto(`${relais.peopleUrl}/employeur/declarations/${String(json['id'])}`);
    const again = page.getByRole('button', { name: 'Le service a-t-il répondu ?' });
    await again.waitFor();
    expect(await page.getByText('Pas encore').count()).toBe(0);
    await again.click();
    await page.getByRole('status').filter({ hasText: 'Pas encore : le service n’a rien répondu.' }).waitFor();
    await look(page, 'declaration-sans-reponse');
  });

  it('reads what was received beyond the first page', async () => {
    const asked = '**/v1/employer/publications?*';
    // a first page that is full, of one card again and again; the second is the broker's own
    await page.route(asked, async (route) => {
      if (route.request().url().includes('after=')) return route.continue();
      const [card] = (await (await route.fetch()).json()) as { id: string }[];
      const full = Array.from({ length: 500 }, (_, n) => ({ ...card, id: n === 499 ? card?.id : `x${n}` }));
      return route.fulfill({ json: full });
    });
    await place('Documents reçus');
    await page.getByRole('button', { name: 'Afficher la suite' }).click();
    await expect.poll(() => page.getByRole('main').getByRole('table').getByRole('link').count()).toBe(503);
    expect(await page.getByRole('button', { name: 'Afficher la suite' }).count()).toBe(0);
    await page.unroute(asked);
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });

  it('of another establishment sees nothing of this one', async () => {
    const [card] = await listOf(relais, 'employer-a', '/v1/employer/publications');
    const other = await (await aDesk(browser)).newPage();
    await signIn(other, relais, 'employer-other');
    await other.getByText('Aucun service ne vous a encore rien adressé.').waitFor();
    await other.goto(`${relais.peopleUrl}/employeur/${String(card?.['id'])}`);
    await other.getByRole('alert').waitFor();
    expect(await other.getByRole('main').innerText()).not.toContain('ADRUN');
  });
});
