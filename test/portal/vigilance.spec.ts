/** The identity-vigilance cell settles a doubt in a browser: side by side, letter by letter, on evidence and with a reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, complaintsOf, look, openBrowser, type Page, signIn } from './screen.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/insi/samples/valid');
const sample = (name: string) =>
  JSON.parse(readFileSync(join(SAMPLES, name), 'utf8')) as { traits: object; ins: object };

aStory('the identity-vigilance cell at the portal', () => {
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

  it('finds nothing to settle at first', async () => {
    await signIn(page, relais, 'vigilance-b');
    await page.getByText('Rien à trancher.').waitFor();
    await look(page, 'identites-vides');
  });

  it('sees what was sent beside what INSi says, and what differs', async () => {
    await relais.by('doctor-b')('/v1/dmst-requests', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        // her traits, somebody else's matricule: only a person can settle it
        worker: { traits: sample('search.adrun.json').traits, ins: sample('verify.corsica.json').ins },
        sources: ['spsti-a'],
        informedAt: new Date().toISOString(),
        nonOpposition: true,
        recordedBy: 'Dr FICTIF',
      }),
    });
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.getByRole('heading', { level: 1 }).waitFor();
          return page.getByRole('article').count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    const ins = page.getByRole('row').filter({ hasText: 'Matricule INS' });
    await ins.getByText('différent').waitFor();
    expect(await ins.locator('mark').count()).toBeGreaterThan(0);
    await look(page, 'identite-a-trancher');
  });

  it('decides nothing without a verdict, evidence and a reason', async () => {
    await page.getByRole('button', { name: 'Décider' }).click();
    await page.getByRole('alert').filter({ hasText: 'écrivez le motif' }).waitFor();
    const { json } = await relais.by('vigilance-b')('/v1/operations/held');
    expect(json).toHaveLength(1);
  });

  it('refuses, by the keyboard alone', async () => {
    const decided = (name: string) => page.getByRole('radio', { name, exact: true });
    await decided('Refuser').focus();
    await page.keyboard.press('Space');
    await expect.poll(() => decided('Refuser').isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => decided('Carte nationale d’identité').isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.type('le matricule est celui d’une autre personne');
    await page.keyboard.press('Enter');
    await page.getByText('Rien à trancher.').waitFor();
    const { json } = await relais.by('vigilance-b')('/v1/operations/held');
    expect(json).toEqual([]);
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
