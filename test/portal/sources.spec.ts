/** Where a worker was followed, chosen by hand: among services asked lately, by one press, or from the directory. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { asked, rows, seen } from '../builders/portability.ts';
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

const RECENT = 'Services demandés récemment';

aStory('the services of a new request at the portal', () => {
  let relais: TestRelais;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    relais = await aRelais({ RELAIS_PEOPLE_PORT: String(await freePort()) }, { thirdService: true });
    browser = await openBrowser();
    page = await deskOf('doctor-b');
    complaints = complaintsOf(page);
  });
  afterAll(async () => {
    await browser?.close();
    await relais?.close();
  });

  async function deskOf(account: DemoAccount): Promise<Page> {
    const desk = await (await aDesk(browser)).newPage();
    await signIn(desk, relais, account);
    return desk;
  }
  const anew = async (desk = page) => {
    await desk.goto(`${relais.peopleUrl}/demandes/nouvelle`);
    await desk.getByRole('combobox', { name: 'Chercher un service' }).waitFor();
  };
  const chip = (name: string) => page.getByRole('toolbar', { name: RECENT }).getByRole('button', { name });
  const chosen = async () => {
    const list = page.getByRole('list', { name: 'Services choisis' }).getByRole('listitem');
    return (await list.allInnerTexts()).map((text) => text.replace(/\s*Retirer$/, ''));
  };

  it('offers none to who asked nobody yet', async () => {
    const answered = page.waitForResponse(/recent=true/);
    await anew();
    expect(await (await answered).json()).toEqual([]);
    expect(await page.getByText(RECENT).count()).toBe(0);
  });

  it('offers those asked lately, and has chosen none of them', async () => {
    await asked(relais, { sources: ['spsti-a'] });
    await asked(relais, { sources: ['spsti-c'] });
    await anew();
    const names = page.getByRole('toolbar', { name: RECENT }).getByRole('button');
    await names.first().waitFor();
    expect(await names.allInnerTexts()).toEqual(['SPSTI C (fictif)', 'SPSTI A (fictif)']);
    expect(await chosen()).toEqual([]);
    await look(page, 'demande-services-recents');
  });

  it('by the keyboard alone: pressed it is chosen, pressed again it is taken back', async () => {
    await reachByTab(page, 'SPSTI C (fictif)');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await expect.poll(chosen).toEqual(['SPSTI A (fictif)']);
    await page.keyboard.press('Space');
    await expect.poll(chosen).toEqual([]);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await expect.poll(chosen).toEqual(['SPSTI A (fictif)', 'SPSTI C (fictif)']);
    await look(page, 'demande-services-choisis');
  });

  it('is one choice with the directory: what is chosen there is pressed here, and withdrawn in both', async () => {
    await page.getByRole('button', { name: 'Retirer SPSTI A (fictif)' }).click();
    await expect.poll(() => chip('SPSTI A').getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('combobox', { name: 'Chercher un service' }).fill('a (fictif)');
    await page.getByRole('option', { name: /SPSTI A/ }).click();
    await expect.poll(() => chip('SPSTI A').getAttribute('aria-pressed')).toBe('true');
    expect(await chosen()).toEqual(['SPSTI C (fictif)', 'SPSTI A (fictif)']);
    await chip('SPSTI C').click();
    await expect.poll(chosen).toEqual(['SPSTI A (fictif)']);
  });

  it('is sent to who was pressed, and to nobody else', async () => {
    await page.getByLabel('Nom de naissance').fill('ADRUN');
    await page.getByLabel('Prénoms de naissance').fill('ZOE');
    await page.getByLabel('Date de naissance').fill('31/12/1975');
    await page.getByText('Féminin').click();
    await page.getByText('Aucune', { exact: true }).click();
    await page.getByText(/Le travailleur a été informé/).click();
    await page.getByRole('button', { name: 'Envoyer la demande' }).click();
    await page.waitForURL(/demandes\/[0-9a-f-]{36}$/);
    const request = page.url().split('/').at(-1) ?? '';
    expect((await seen(relais, request)).sources.map(({ partner }) => partner)).toEqual(['spsti-a']);
    expect(await keptBy(page)).not.toMatch(/ADRUN|ZOE|1975/);
  });

  it('tells staff to whom no doctor delegated why there are none, and offers a colleague none of another’s', async () => {
    const secretary = await deskOf('secretary-b');
    await anew(secretary);
    await secretary
      .getByRole('alert')
      .filter({ hasText: /délégation/i })
      .waitFor();
    await look(secretary, 'demande-sans-delegation');
    const colleague = await deskOf('doctor-b2');
    const answered = colleague.waitForResponse(/recent=true/);
    await anew(colleague);
    expect(await (await answered).json()).toEqual([]);
    expect(rows(relais, 'SELECT id FROM dmst_request')).toHaveLength(3);
  });

  it('gave its browser nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
