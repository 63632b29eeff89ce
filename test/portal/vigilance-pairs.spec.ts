/** The cell at work in browsers: doubts that shed light on each other, two persons for a release, and what the figures say. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { aDoubt, CORSE, decideAs, doubtsSeenBy, REFUSE } from '../builders/doubts.ts';
import { aDossier, journal, OTHER_INS, ZOE, ZOE_INS } from '../builders/portability.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { manyWaiting, weeksOfDecisions } from '../builders/settled-doubts.ts';
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

const [ANN, BOB] = ['vigilance-b', 'vigilance-b2'] as const;
const CORSE_INS = { value: '180032B020401', key: '23', oid: '1.2.250.1.213.1.4.8' };

aStory('two persons of an identity-vigilance cell at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  const complaints: string[][] = [];
  const pages: Partial<Record<DemoAccount, Page>> = {};

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_PEOPLE_PORT: String(await freePort()) },
      { agreements: { 'spsti-b': { vigilance: { fourEyes: true } } } },
    );
    await relais.service('spsti-a', { dossiers: [aDossier()] });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  async function deskOf(account: DemoAccount, path = '/identites'): Promise<Page> {
    const page = pages[account] ?? (await (await aDesk(browser)).newPage());
    if (pages[account] === undefined) {
      complaints.push(complaintsOf(page));
      await signIn(page, relais, account);
      pages[account] = page;
    }
    await page.goto(`${relais.peopleUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }
  const card = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words });
  const settledOf = (kind: string) => journal(relais).filter((entry) => entry.kind === kind);

  it('has no figures at first, and says so', async () => {
    const page = await deskOf(ANN, '/identites/statistiques');
    await page.getByText('aucun', { exact: true }).waitFor();
    expect(await page.getByRole('img').count()).toBe(0);
    await look(page, 'identites-statistiques-vides');
  });

  it('sees together what sheds light on each other, and why', async () => {
    await aDoubt(relais, { worker: { traits: { ...ZOE, birthName: 'NESSI' }, ins: CORSE_INS } });
    await aDoubt(relais);
    await aDoubt(relais, { worker: { traits: CORSE, ins: OTHER_INS } });
    await aDoubt(relais, { worker: { traits: CORSE, ins: ZOE_INS } });
    const page = await deskOf(ANN);
    const together = page.getByRole('region', { name: '3 messages à regarder ensemble' });
    await together.waitFor();
    expect(await together.getByRole('article').count()).toBe(3);
    expect(await page.getByRole('article').count()).toBe(4);
    expect(await together.getByRole('listitem').allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Les messages 2 et 3 portent le même matricule, mais diffèrent par .*le sexe/),
        expect.stringMatching(/^Les messages 3 et 4 désignent la même personne.*matricules différents/),
      ]),
    );
    await together.getByRole('link', { name: '4' }).click();
    expect(new URL(page.url()).hash).toBe('#message-4');
    await look(page, 'identites-rapprochees');
  });

  it('proposes a release, learns that it takes another person, and cannot be that person', async () => {
    const page = await deskOf(ANN);
    const zoe = card(page, 'ADRUN');
    await zoe.getByText('proposer de laisser partir').click();
    await zoe.getByText('Carte nationale d’identité', { exact: true }).click();
    await zoe.getByLabel('Motif').fill('Carte revue au cabinet');
    await zoe.getByRole('button', { name: 'Décider' }).click();
    await page.getByText('Rien n’est parti : un autre membre de la cellule doit confirmer.').waitFor();
    await zoe.getByText('Vous avez proposé de laisser partir ce message').waitFor();
    await page.getByText('1 sur votre proposition : un collègue doit confirmer.').waitFor();
    await look(page, 'identite-proposee');
    await zoe.getByText('Proposer de nouveau, sur une autre pièce').click();
    await zoe.getByText('Carte nationale d’identité', { exact: true }).click();
    await zoe.getByLabel('Motif').fill('J’en suis sûre');
    await zoe.getByRole('button', { name: 'Décider' }).click();
    await zoe
      .getByRole('alert')
      .filter({ hasText: 'un autre membre de la cellule doit confirmer' })
      .waitFor();
    await look(page, 'identite-confirmee-par-soi');
    expect(settledOf('identity.released')).toEqual([]);
  });

  it('confirms a colleague’s proposal by the keyboard alone, told when the evidence is another', async () => {
    const page = await deskOf(BOB);
    const { keyboard } = page;
    await page.getByText('1 sur proposition d’un collègue : à confirmer, ou à refuser.').waitFor();
    const zoe = card(page, 'ADRUN');
    await zoe.getByText('Motif : « Carte revue au cabinet »').waitFor();
    await reachByTab(page, 'confirmer et laisser partir');
    await keyboard.press('Space');
    await reachByTab(page, 'Carte nationale d’identité');
    await keyboard.press('ArrowDown');
    await zoe.getByText('la vôtre sera une nouvelle proposition').waitFor();
    await look(page, 'identite-autre-piece');
    await keyboard.press('ArrowUp');
    await expect.poll(() => zoe.getByText('la vôtre sera une nouvelle proposition').count()).toBe(0);
    await keyboard.press('Tab');
    await keyboard.type('Carte vue aussi');
    await look(page, 'identite-a-confirmer');
    await keyboard.press('Enter');
    await page.getByText('le message part.').waitFor();
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain('Tranché');
    expect(settledOf('identity.released')).toMatchObject([{ details: { evidence: 'CN' } }]);
    await page.getByRole('region', { name: 'Deux messages retenus désignent la même personne' }).waitFor();
  });

  it('tells who decides too late, and reads the list again', async () => {
    const page = pages[ANN] as Page;
    const zoe = card(page, 'ADRUN');
    await zoe.getByText('Refuser', { exact: true }).click();
    await zoe.getByRole('button', { name: 'Décider' }).click();
    const alert = zoe.getByRole('alert').filter({ hasText: 'n’attend plus de décision' });
    await alert.getByRole('button', { name: 'Relire la liste' }).click();
    await expect.poll(() => zoe.count()).toBe(0);
    expect(await page.evaluate<string>('document.activeElement.textContent')).toContain(
      'Relecture de la liste.',
    );
    expect(settledOf('identity.refused')).toEqual([]);
  });

  it('refuses alone, and once however often it is pressed', async () => {
    const page = pages[ANN] as Page;
    const first = page.getByRole('region').getByRole('article').first();
    await first.getByText('Refuser', { exact: true }).click();
    await first.getByText('Passeport', { exact: true }).click();
    await first.getByLabel('Motif').fill('Ce n’est pas cette personne');
    await first.getByRole('button', { name: 'Décider' }).dblclick();
    await page.getByText('Refusé, et inscrit au journal').waitFor();
    await expect.poll(() => page.getByRole('article').count()).toBe(2);
    expect(await page.getByRole('region').count()).toBe(0);
    expect(settledOf('identity.refused')).toHaveLength(1);
  });

  it('reads its figures: bars told apart without colour, and every one of them in a table', async () => {
    await weeksOfDecisions(relais, 'spsti-b');
    const page = await deskOf(ANN, '/identites/statistiques');
    await page.getByRole('img', { name: /Messages tranchés par semaine/ }).waitFor();
    await reachByTab(page, '30 jours');
    await page.keyboard.press('ArrowRight');
    await page.getByText('41 ; laissés partir : 20, refusés : 13, échus sans décision : 8').waitFor();
    const raisons = page.getByRole('table', { name: /Par raison/ });
    await raisons.getByRole('row').filter({ hasText: 'n’est pas celui qu’INSi donne' }).waitFor();
    const services = page.getByRole('table', { name: /Par service/ });
    await services.getByRole('row').filter({ hasText: 'SPSTI A (fictif)' }).waitFor();
    await reachByTab(page, 'Semaine par semaine');
    await page.keyboard.press('Enter');
    const weeks = page.getByRole('table', { name: 'Tranchés par semaine' });
    const { json } = await relais.by(ANN)('/v1/operations/held/statistics?days=90');
    expect(await weeks.getByRole('row').count()).toBe((json['weeks'] as unknown[]).length + 1);
    await look(page, 'identites-statistiques');
    await page.getByText('Un an').click();
    await page.getByRole('row').nth(52).waitFor();
    await look(page, 'identites-statistiques-un-an');
  });

  it('shows an auditor the figures, and nobody’s identity; an operator neither', async () => {
    const auditor = await deskOf('auditor-b', '/identites/statistiques');
    await auditor.getByRole('img', { name: /Messages tranchés par semaine/ }).waitFor();
    await auditor.goto(`${relais.peopleUrl}/identites`);
    await auditor.getByRole('heading', { name: 'Page introuvable' }).waitFor();
    const operator = await deskOf('operator', '/identites/statistiques');
    await operator.getByRole('heading', { name: 'Page introuvable' }).waitFor();
    for (const [account, path] of [
      ['auditor-b', ''],
      ['operator', ''],
      ['operator', '/statistics'],
    ] as const)
      expect((await relais.by(account)(`/v1/operations/held${path}`)).status).toBe(403);
  });

  it('says when Relais cannot be reached', async () => {
    const page = await (await aDesk(browser)).newPage();
    await signIn(page, relais, BOB);
    await page.route('**/v1/operations/held/statistics*', (route) => route.abort());
    await page.goto(`${relais.peopleUrl}/identites/statistiques`);
    await page.getByRole('alert').filter({ hasText: 'Relais ne répond pas' }).waitFor();
    await page.close();
  });

  it('shows a long list piece by piece', async () => {
    for (const { id } of await doubtsSeenBy(relais, BOB)) await decideAs(relais, BOB, id, { ...REFUSE });
    await manyWaiting(relais, 'spsti-b', 45);
    const page = await deskOf(BOB);
    await page.getByText('45 messages attendent').waitFor();
    expect(await page.getByRole('article').count()).toBe(20);
    await page.getByRole('button', { name: 'Montrer la suite' }).click();
    await page.getByRole('button', { name: 'Montrer la suite' }).click();
    expect(await page.getByRole('article').count()).toBe(45);
    expect(await page.getByRole('button', { name: 'Montrer la suite' }).count()).toBe(0);
  });

  it('leaves nothing of anybody in addresses, titles or storage', async () => {
    for (const page of Object.values(pages))
      expect(await keptBy(page)).not.toMatch(/ADRUN|CORSE|ZOE|1980|2600588154002/);
  });

  it('gave its browsers nothing to complain of', () => {
    expect(complaints.flat().filter((one) => !/status of 409/.test(one))).toEqual([]);
  });
});
