/** What a browser fetches before somebody can begin, and what a page says that could not be fetched. */
import type { Browser, Response } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aRelais, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';
import { aDesk, aStory, look, openBrowser, signIn } from './screen.ts';

/** bytes, as they cross the line */
const MOST_SCRIPT = 200_000;

aStory('the first load of the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  it.each(['doctor-b', 'operator'] as const)('is under 200 kB of script for %s', async (account) => {
    const page = await (await aDesk(browser)).newPage();
    const scripts: Response[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).origin === relais.peopleUrl && /\.m?js$/.test(response.url()))
        scripts.push(response);
    });
    await signIn(page, relais, account);
    await page.waitForLoadState('networkidle');
    const sizes = new Map<string, number>();
    for (const response of scripts) {
      // what the browser had already crosses no line
      const { responseBodySize } = await response.request().sizes();
      sizes.set(response.url(), Math.max(responseBodySize, sizes.get(response.url()) ?? 0));
    }
    expect(sizes.size).toBeGreaterThan(1);
    expect([...sizes.values()].every((size) => size > 0)).toBe(true);
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_SCRIPT);
    await page.context().close();
  });

  it('says when a page did not come, and shows it once it can', async () => {
    const context = await aDesk(browser);
    const page = await context.newPage();
    await signIn(page, relais, 'doctor-b');
    await page.route('**/delegations-page-*.js', (route) => route.abort());
    await page.getByRole('link', { name: 'Délégations' }).click();
    await page.getByRole('heading', { name: 'Page non chargée' }).waitFor();
    await look(page, 'page-non-chargee');
    await page.unroute('**/delegations-page-*.js');
    await page.getByRole('link', { name: 'Recharger' }).click();
    await page.getByRole('heading', { name: 'Délégations', exact: true }).waitFor();
    await context.close();
  });
});
