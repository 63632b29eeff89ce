/** Pro Santé Connect behind a whole Relais: a thick client's moves, and the person's, in a browser or on a phone. */
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import type { DemoAgreement } from '../../apps/cli/src/demo/channels/channel.ts';
import type { DemoHome } from '../../apps/cli/src/demo/demo-home.ts';
import type { DemoPeople } from '../../apps/cli/src/demo/people.ts';
import type { DemoAccount } from '../../apps/simulators/src/psc/index.ts';
import { Browser, type Page, signIn } from '../../apps/simulators/src/psc/index.ts';
import { freePort } from '../services/free-ports.ts';
import { reissue } from './reissued.ts';
import { type Answer, aRelais, eventually, type TestRelais } from './relais.ts';

export const MAILBOX = 'service@spsti-b.mssante.example';
export const RPPS = { 'doctor-a': '99900000012', 'doctor-b': '99900000020', 'doctor-b2': '99900000038' };

export interface PscRelais {
  relais: TestRelais;
  begin(partner: string, order: object): Promise<Answer>;
  look(partner: string, id: unknown): Promise<Answer>;
  /** signs in where the software said, and answers the question of the page */
  atBrowser(authorizationUrl: unknown, account: DemoAccount, answer?: 'yes' | 'no'): Promise<Page>;
  /** a session by browser, open */
  opened(
    partner: string,
    account: DemoAccount,
  ): Promise<{ id: string; handle: string; authorization: string }>;
  /** the demand that the phone shows for that account */
  ringing(
    account: DemoAccount,
  ): Promise<{ id: string; bindingMessage: string; channel: string; loginHint: string }>;
  close(): Promise<void>;
}

export async function aPscRelais(
  options: {
    accessTokenSeconds?: number;
    settings?: Record<string, string>;
    /** in place of a mailbox that nobody answers for */
    agreements?: (demo: DemoHome, people: DemoPeople) => Promise<Record<string, DemoAgreement>>;
  } = {},
): Promise<PscRelais> {
  const relais = await aRelais(
    { RELAIS_PEOPLE_PORT: String(await freePort()), ...options.settings },
    {
      accessTokenSeconds: options.accessTokenSeconds ?? 120,
      cibaIntervalSeconds: 0.1,
      agreements: options.agreements ?? {
        'spsti-b': {
          mandate: {
            mailbox: {
              address: MAILBOX,
              nil: 'NIL-FICTIF',
              from: '2026-01-01T00:00:00.000Z',
              to: '2036-01-01T00:00:00.000Z',
            },
          },
        },
      },
    },
  );
  const begin = (partner: string, order: object) =>
    relais.as(partner)('/v1/psc/sessions', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
  const look = (partner: string, id: unknown) => relais.as(partner)(`/v1/psc/sessions/${String(id)}`);
  const atBrowser: PscRelais['atBrowser'] = async (url, account, answer = 'yes') => {
    const browser = new Browser();
    const password = relais.people.passwords[account];
    const page = await signIn(browser, String(url), { account, password });
    const [, ticket] = /name="ticket" value="([^"]+)"/.exec(page.text) ?? [];
    if (ticket === undefined) return page;
    return browser.open(`${relais.peopleUrl}/auth/psc-sessions/confirm`, { form: { ticket, answer } });
  };
  return {
    relais,
    begin,
    look,
    atBrowser,
    opened: async (partner, account) => {
      const { json } = await begin(partner, { flow: 'code' });
      await atBrowser(json['authorizationUrl'], account);
      const { json: open } = await look(partner, json['id']);
      const handle = String(open['handle']);
      return { id: String(json['id']), handle, authorization: `Bearer ${handle}` };
    },
    ringing: (account) =>
      eventually(async () =>
        relais.people.psc
          .phone()
          .pending()
          .find((demand) => demand.account === account),
      ),
    close: () => relais.close(),
  };
}

/** Another certificate of the same partner: same name, its own key, e.g. `spsti-b.second`. */
export async function secondCertificate(relais: TestRelais, partner: string): Promise<string> {
  const id = `${partner}.second`;
  const first = relais.demo.paths.partner(partner).client;
  const pair = {
    crt: first.crt.replace(/\.crt$/, '.second.crt'),
    key: first.key.replace(/\.key$/, '.second.key'),
  };
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  copyFileSync(first.crt, pair.crt);
  writeFileSync(pair.key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await reissue(relais.demo, pair, 'client');
  return id;
}
