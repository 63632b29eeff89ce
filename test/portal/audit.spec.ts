/** A delegate to data protection in a browser: who saw which dossier, what is kept and purged, and a journal that is not believed on its word. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { purgeOf, recordEntry, write } from '#core';
import { SigningKeys } from '#protection';
import { aJournal, bytesOf } from '../builders/journal.ts';
import { aDossier, asked, until } from '../builders/portability.ts';
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

const TRAIT = /ADRUN|ZOE|1975|275126322074974/;
aStory('the auditor of a service at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    await relais.service('spsti-a', { dossiers: [aDossier()] });
    browser = await openBrowser();
    page = await (await aDesk(browser)).newPage();
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  const accesses = () => page.getByRole('table', { name: 'Accès, les plus récents d’abord' });
  const rows = (table = accesses()) => table.getByRole('row');
  /** the file that a press saves */
  const saved = async (button: string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  };

  it('finds an empty register at first', async () => {
    await signIn(page, relais, 'auditor-b');
    await page.getByText('Aucun accès sur cette période.').waitFor();
    expect(await page.getByRole('button', { name: /CSV/ }).count()).toBe(0);
    await look(page, 'registre-vide');
  });

  it('sees who opened a dossier, when and why, by pseudonym', async () => {
    const request = await asked(relais);
    await until(relais, request, ({ best }) => best !== undefined);
    await relais.by('doctor-b')(`/v1/dmst-requests/${request}/summary.pdf`);
    await page.getByRole('button', { name: 'Afficher' }).click();
    const opened = rows().filter({ hasText: 'dossier ouvert (en entier)' });
    await opened.getByText(/médecin du travail [0-9a-f]{8}/).waitFor();
    await opened.getByText('continuité du suivi').waitFor();
    await rows().filter({ hasText: 'demande de dossier à SPSTI A (fictif)' }).first().waitFor();
    expect(await accesses().innerText()).not.toContain('spsti-a');
    await look(page, 'registre');
    expect(await page.locator('body').innerText()).not.toMatch(TRAIT);
  });

  it('answers a worker who asks, by the keyboard alone', async () => {
    const { keyboard } = page;
    await page.getByRole('heading', { level: 1 }).click();
    await reachByTab(page, 'Répondre à un travailleur');
    await keyboard.press('Enter');
    await page.getByLabel('Nom de naissance').waitFor();
    await reachByTab(page, 'Nom de naissance');
    await keyboard.type('adrun');
    await reachByTab(page, 'Prénoms de naissance');
    await keyboard.type('Zoé');
    await reachByTab(page, 'Date de naissance');
    await keyboard.type('31/12/1975');
    await look(page, 'registre-recherche');
    await reachByTab(page, 'Féminin');
    await keyboard.press('Space');
    await reachByTab(page, 'Chercher ses accès');
    await keyboard.press('Enter');
    await page.getByText(/^Un seul travailleur/).waitFor();
    await rows().filter({ hasText: 'dossier ouvert' }).waitFor();
    expect(await page.getByLabel('Nom de naissance').count()).toBe(0);
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SUMMARY');
    expect(await keptBy(page)).not.toMatch(TRAIT);
    await look(page, 'registre-travailleur');
  });

  it('has the table of that worker for a spreadsheet, at each press, and is told when it cannot', async () => {
    const button = 'Exporter pour un tableur (CSV)';
    for (const _ of ['first', 'second']) {
      const table = await saved(button);
      expect(table).toContain('dossier ouvert');
      expect(table.trimEnd().split('\r\n')).toHaveLength(await rows().count());
    }
    await page.route('**/v1/audit/accesses.csv*', (route) => route.abort());
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('alert').filter({ hasText: 'Relais ne répond pas' }).waitFor();
    await page.unroute('**/v1/audit/accesses.csv*');
  });

  it('finds nothing of somebody whom nobody saw, and comes back to all', async () => {
    await page.getByText('Répondre à un travailleur').click();
    await page.getByLabel('Nom de naissance').fill('CORSE');
    await page.getByRole('button', { name: 'Chercher ses accès' }).click();
    await page.getByRole('alert').filter({ hasText: 'Il manque' }).waitFor();
    await page.getByLabel('Prénoms de naissance').fill('ANTHONY');
    await page.getByLabel('Date de naissance').fill('02/03/1980');
    await page.getByText('Masculin').click();
    await page.getByRole('button', { name: 'Chercher ses accès' }).click();
    await page.getByText('Aucun accès sur cette période.').waitFor();
    await page.getByRole('button', { name: 'Revenir à tous les travailleurs' }).click();
    await rows().filter({ hasText: 'dossier ouvert' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
    expect(await focused()).toBe('Ce qui est montré');
    await rows()
      .getByRole('button', { name: /ne voir que lui/ })
      .first()
      .click();
    await page.getByText(/^Un seul travailleur/).waitFor();
    expect(await focused()).toBe('Ce qui est montré');
    await page.getByRole('button', { name: 'Revenir à tous les travailleurs' }).click();
    await rows()
      .getByRole('button', { name: /ne voir que lui/ })
      .first()
      .waitFor();
  });

  it('filters by days, and is told how to write them', async () => {
    await page.getByRole('textbox', { name: 'Du' }).fill('31/02/2026');
    await page.getByRole('button', { name: 'Afficher' }).click();
    await page.getByRole('alert').filter({ hasText: 'Écrivez les dates ainsi' }).waitFor();
    await page.getByRole('textbox', { name: 'Du' }).fill('');
    await page.getByRole('textbox', { name: 'Au' }).fill('01/01/2026');
    await page.getByRole('button', { name: 'Afficher' }).click();
    await page.getByText('Aucun accès sur cette période.').waitFor();
    await page.getByRole('textbox', { name: 'Au' }).fill('');
    await page.getByRole('button', { name: 'Afficher' }).click();
    await rows().filter({ hasText: 'dossier ouvert' }).waitFor();
  });

  it('sees in turn who read the register: themselves, each time', async () => {
    await page.getByText('Consultations de ce registre').click();
    await page.getByRole('button', { name: 'Afficher' }).click();
    const readings = page.getByRole('table', { name: /^Consultations/ });
    await rows(readings).filter({ hasText: 'travailleur cherché' }).first().waitFor();
    expect(await rows(readings).filter({ hasText: 'registre exporté' }).count()).toBeGreaterThanOrEqual(2);
    await look(page, 'registre-consultations');
    const before = await rows(readings).count();
    await page.getByRole('button', { name: 'Afficher' }).click();
    await expect.poll(() => rows(readings).count()).toBe(before + 1);
    await page.getByText('Répondre à un travailleur').click();
    await page.getByLabel('Nom de naissance').fill('ADRUN');
    await page.getByLabel('Prénoms de naissance').fill('ZOE');
    await page.getByLabel('Date de naissance').fill('31/12/1975');
    await page.getByText('Féminin').click();
    await page.getByRole('button', { name: 'Chercher ses accès' }).click();
    await rows().filter({ hasText: 'dossier ouvert' }).waitFor();
    expect(await page.getByRole('radio', { name: 'Accès aux dossiers' }).isChecked()).toBe(true);
  });

  it('sees what is kept, by which rules it goes, and what has gone', async () => {
    await page.getByRole('link', { name: 'Conservation' }).click();
    await page.getByText('Rien n’a encore été purgé.').waitFor();
    const { ids, unitOfWork } = relais.broker.engine.stages;
    const entry = recordEntry({
      id: ids.next(),
      at: new Date().toISOString(),
      kind: 'delivery.purged',
      actor: 'broker',
      messageId: ids.next(),
      flow: 'dmst-portability',
    });
    await unitOfWork.commit([write('journal.entry', { entry }), purgeOf(entry, 'spsti-b')]);
    await page.reload();
    const gone = page.getByRole('row').filter({ hasText: 'copie scellée' }).first();
    await gone.getByText('Transmission du dossier médical entre services').waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('dmst-portability');
    const rule = page.getByRole('row').filter({ hasText: 'Dossier transmis' });
    await rule.getByText('part dès qu’elle est versée au dossier, au plus tard après 30 jours').waitFor();
    await look(page, 'conservation');
  });

  it('verifies the journal in the page, with a seal that was kept', async () => {
    await page.getByRole('link', { name: 'Journal' }).click();
    const kept = await saved(
      (
        await page
          .getByRole('button', { name: /^Garder le sceau/ })
          .first()
          .innerText()
      ).trim(),
    );
    expect(kept.split('.')).toHaveLength(3);
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    await page.getByText('Le journal est intact.').waitFor();
    await page.getByLabel('Sceau gardé ailleurs').fill(kept);
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    await page.getByText('Le sceau que vous avez gardé s’y trouve').waitFor();
    await look(page, 'journal-intact');
    await page.getByLabel('Sceau gardé ailleurs').fill('rien de tel');
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    await page.getByRole('alert').filter({ hasText: 'n’est pas un sceau de Relais' }).waitFor();
  });

  it('exports the INTEROPS traces of its organisation', async () => {
    expect(await saved('Exporter les traces (XML)')).toContain('organisme="spsti-b"');
    await page.getByRole('textbox', { name: 'Du' }).fill('01/01/2020');
    await page.getByRole('button', { name: 'Exporter les traces (XML)' }).click();
    await page.getByRole('alert').filter({ hasText: 'dépasse 31 jours' }).waitFor();
  });

  it('is told that the journal is broken, and where, once a line of the database was changed', async () => {
    const database = new Database(join(relais.demo.home, 'relais.sqlite'), { timeout: 10_000 });
    const changed = database
      .prepare(
        `UPDATE journal_entry SET body = replace(body, 'physician', 'secretary') WHERE id =
          (SELECT id FROM journal_entry WHERE body LIKE '%dossier.opened%' AND seal IS NOT NULL LIMIT 1)
          RETURNING id, seal`,
      )
      .get() as { id: string; seal: number };
    database.close();
    await page.getByLabel('Sceau gardé ailleurs').fill('');
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    const told = page.getByRole('alert').filter({ hasText: 'Le journal est rompu.' });
    await told.waitFor();
    const words = await told.innerText();
    expect(words).toContain('Une entrée a été modifiée');
    expect(words).toContain(changed.id);
    expect(words).toMatch(new RegExp(`sceau n° ${changed.seal}\\b`, 'i'));
    expect(words).toContain(`(sceau n° ${changed.seal - 1})`);
    await look(page, 'journal-rompu');
  });

  it('says that the line broke, not the journal, when the export does not come to its end', async () => {
    await page.route('**/v1/journal/export', (route) => route.abort());
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    await page.getByRole('alert').filter({ hasText: 'Relais ne répond pas' }).waitFor();
    expect(await page.getByText('Le journal est rompu.').count()).toBe(0);
    await page.unroute('**/v1/journal/export');
  });

  it('stops at once when told to, and stays so while what had come is read to its end', async () => {
    const { lines } = aJournal([10_000], new SigningKeys(join(relais.demo.home, 'another')));
    await page.route('**/v1/journal/export', (route) => route.fulfill({ body: bytesOf(lines) }));
    // held up in the tree of the seal, after the last of its entries
    await page.evaluate(`(() => {
      const digest = crypto.subtle.digest.bind(crypto.subtle);
      const held = new Promise((go) => { window.goOn = go; });
      window.digests = 0;
      crypto.subtle.digest = async (...given) => {
        if ((window.digests += 1) > 10_001) await held;
        return digest(...given);
      };
    })()`);
    const digests = () => page.evaluate<number>('window.digests');
    await page.getByRole('button', { name: 'Vérifier le journal' }).click();
    await expect.poll(digests, { timeout: 30_000 }).toBeGreaterThan(10_001);
    await reachByTab(page, 'Arrêter');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Arrêter' }).waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('Vérifier le journal');
    await page.evaluate('window.goOn()');
    // the key's name, as many leaves as entries, and one node less
    await expect.poll(digests, { timeout: 30_000 }).toBe(20_000);
    await page.evaluate('new Promise((shown) => setTimeout(shown, 500))');
    expect(await page.getByRole('button', { name: 'Arrêter' }).count()).toBe(0);
    await page.unroute('**/v1/journal/export');
    await page.reload();
    await page.getByRole('button', { name: 'Vérifier le journal' }).waitFor();
  });

  it('is nobody’s page but the auditor’s', async () => {
    const doctor = await (await aDesk(browser)).newPage();
    await signIn(doctor, relais, 'doctor-b');
    expect(await doctor.getByRole('link', { name: 'Registre' }).count()).toBe(0);
    await doctor.goto(`${relais.peopleUrl}/registre`);
    await doctor.getByRole('heading', { name: 'Page introuvable' }).waitFor();
    await doctor.close();
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints.filter((one) => !/status of 400|ERR_FAILED/.test(one))).toEqual([]);
  });
});
