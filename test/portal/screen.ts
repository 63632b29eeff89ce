/** Debian's Chromium at a Relais of its own: one browser a suite, a fresh profile a person, a picture of each page. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { issuerOf } from '../../apps/cli/src/demo/people.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import type { TestRelais } from '../builders/relais.ts';
import { judgedBy } from '../peers/programs.ts';

export type { Page } from 'playwright-core';

const SCREENS = join(import.meta.dirname, '../../var/screens');

/** Tests that each go on from where the one before left the page: after one that fails, the others would only wait in vain. */
export function aStory(title: string, tests: () => void): void {
  judgedBy(['chromium'], title, () => {
    let broken: string | undefined;
    beforeEach(({ task }) => {
      if (broken !== undefined && broken !== task.name) throw new Error(`the story broke at: ${broken}`);
    });
    afterEach(({ task }) => {
      if (task.result?.state === 'fail') broken ??= task.name;
      else if (broken === task.name) broken = undefined;
    });
    tests();
  });
}

export function openBrowser(): Promise<Browser> {
  const program = process.env['RELAIS_CHROMIUM'] ?? 'chromium';
  const executablePath = execFileSync('sh', ['-c', 'command -v "$0"', program]).toString().trim();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** What the door of each issuer is called. */
const DOORS: Readonly<Record<string, string | RegExp>> = {
  psc: /Pro Santé Connect/,
  'spsti-b': 'SPSTI B (fictif)',
  operator: 'Exploitation de Relais',
  'portail-worker': 'FranceConnect+',
  'portail-employer': 'ProConnect',
};

/** A laptop of an occupational health centre. @param timezoneId of the place where it stands (IANA), else the machine's */
export async function aDesk(browser: Browser, timezoneId?: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'fr-FR',
    ...(timezoneId === undefined ? {} : { timezoneId }),
  });
  // of a machine where others work too
  context.setDefaultTimeout(55_000);
  return context;
}

/** Through the issuer's own page, as a person does. */
export async function signIn(page: Page, relais: TestRelais, account: DemoAccount): Promise<void> {
  await page.goto(relais.peopleUrl);
  await page.getByRole('link', { name: DOORS[issuerOf(account)] ?? account }).click();
  await page.getByLabel('Compte').fill(account);
  await page.getByLabel('Mot de passe').fill(relais.people.passwords[account]);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** in the page: every word by which what has the focus is told */
const WORDS_OF_FOCUS = `(() => {
  const at = document.activeElement;
  // round the end of the page nothing has it
  if (at === document.body) return '';
  const by = (at?.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
  const labels = [...(at?.labels ?? [])].map((one) => one.textContent);
  return [at?.getAttribute('aria-label'), ...by, ...labels, at?.textContent].join(' ');
})()`;

/** Tab until that, or what is so named, has the focus; a person gives up after `most`. */
export async function reachByTab(page: Page, what: Locator | RegExp | string, most = 60): Promise<void> {
  for (let turn = 0; turn < most; turn += 1) {
    await page.keyboard.press('Tab');
    if (await hasFocus(page, what)) return;
  }
  expect.fail(`not reached: ${String(what)}`);
}

async function hasFocus(page: Page, what: Locator | RegExp | string): Promise<boolean> {
  if (typeof what !== 'string' && !(what instanceof RegExp))
    return what.evaluate((element) => element === element.ownerDocument.activeElement);
  const here = await page.evaluate<string>(WORDS_OF_FOCUS);
  return typeof what === 'string' ? here.includes(what) : what.test(here);
}

/** What the browser complains of, its content policy included; a refusal that the page asked for is none. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (said) => {
    if (said.type() === 'error' && !/status of 401/.test(said.text())) complaints.push(said.text());
  });
  return complaints;
}

/** Keeps a picture of the page, and asks axe whether everybody can use it. */
export async function look(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
  await losesNothingAtTwiceTheSize(page, name);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target }) => target.join(' ')) })),
  ).toEqual([]);
}

/** 1280 × 800 at 200 % is 640 × 400 (WCAG 1.4.10): the page is read by scrolling one way only, and shows the same words. */
async function losesNothingAtTwiceTheSize(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 800 };
  const words = () => page.getByRole('main').innerText();
  const first = (text: string) => text.split(/\s+/).slice(0, 40).join(' ');
  const whole = first(await words());
  await page.setViewportSize({ width: before.width / 2, height: before.height / 2 });
  await expect
    .poll(() => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), { message: name })
    .toBeLessThanOrEqual(0);
  expect(first(await words())).toBe(whole);
  await page.setViewportSize(before);
}

/** What a browser keeps and shows of a page outside it: address, title, storage. */
export function keptBy(page: Page): Promise<string> {
  return page.evaluate<string>(
    'JSON.stringify([location.href, document.title, { ...localStorage }, { ...sessionStorage }])',
  );
}
