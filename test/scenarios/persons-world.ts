/** The people of the demo, their issuers, one that lies, and a people port: what the scenarios of persons stand on. */
import type { Partner } from '#core';
import {
  operatorIssuer,
  pscIssuer,
  type Registration,
  staffIssuers,
} from '../../apps/broker/src/persons/issuer-settings.ts';
import type { ClientCertificate } from '../../apps/broker/src/persons/person-of-request.ts';
import { pseudonymOf } from '../../apps/broker/src/persons/persons-of.ts';
import {
  type Account,
  Browser,
  demoAccounts,
  type Exercise,
  obtainToken,
  type PscSimulator,
  pscClaims,
  pscSubject,
  type Realm,
  signIn,
  startPscSimulator,
} from '../../apps/simulators/src/psc/index.ts';
import { type ForgedIssuer, startForgedIssuer } from './forged-issuer.ts';
import { type PersonsApp, startPersonsApp } from './persons-app.ts';

export const HOUR = 3_600_000;
export const RPPS = { doctorA: '99900000012', doctorB: '99900000020', doctorB2: '99900000038' };
/** software of service b, and an application of nobody's */
export const SOFTWARE = { id: 'software-b', redirectUri: 'http://localhost:2/back' };
export const STRANGER = { id: 'another-application', redirectUri: 'http://localhost:3/back' };

const SECRET = 'fictional secret';
const SERVICES = {
  a: { siret: '99900000000018', name: 'SPSTI A' },
  b: { siret: '99900000000026', name: 'SPSTI B' },
};
const ELSEWHERE = { siret: '99900000000034', name: 'Autre service' };
const passwordOf = (account: string): string => `password of ${account}`;

function physician(name: string, rpps: string, code: string, activities: Exercise['activities']): Account {
  const exercises = [{ profession: '10', expertise: { type: 'S', code }, activities }];
  const claims = pscClaims({ rpps, givenName: 'Cosme', familyName: 'INVENTÉ', exercises });
  return { name, password: passwordOf(name), sub: pscSubject(rpps), claims };
}

const demo = demoAccounts(passwordOf, SERVICES);
const ACCOUNTS = {
  psc: [
    ...demo.psc,
    physician('cardiologist', '99900000046', 'SM04', [SERVICES.b]),
    physician('doctor-elsewhere', '99900000053', 'SM25', [ELSEWHERE]),
    physician('doctor-a-and-b', '99900000061', 'SM25', [SERVICES.a, SERVICES.b]),
    { ...physician('doctor-without-level', '99900000079', 'SM25', [SERVICES.b]), acr: null },
  ],
  'spsti-b': [
    ...demo.spstiB,
    {
      name: 'fake-doctor',
      password: passwordOf('fake-doctor'),
      sub: 'fake-doctor',
      claims: { relais_role: 'physician' },
    },
  ],
  operator: demo.operator,
};

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export class PersonsWorld {
  psc!: PscSimulator;
  /** staff issuer of service a */
  forged!: ForgedIssuer;
  app!: PersonsApp;
  /** ms by which Relais' clock is ahead */
  ahead = 0;
  /** client certificate that the requests seem to come with */
  certificate: ClientCertificate | undefined;

  async start(): Promise<this> {
    this.forged = await startForgedIssuer({
      given_name: 'Fausse',
      family_name: 'PERSONNE',
      relais_role: 'auditor',
    });
    const partners = [partner('spsti-a', SERVICES.a.siret), partner('spsti-b', SERVICES.b.siret)];
    this.app = await startPersonsApp({
      partners,
      now: () => this.now(),
      certificate: () => this.certificate,
      issuers: async (origin, directory) => {
        this.psc = await startPscSimulator({
          port: 0,
          realms: [
            realm(origin, '', 'psc', 'scope_all'),
            realm(origin, '/spsti-b', 'spsti-b'),
            realm(origin, '/operator', 'operator'),
          ],
        });
        agree(partners, 'spsti-a', this.forged.issuer);
        agree(partners, 'spsti-b', this.issuer('spsti-b'));
        const registration: Registration = {
          clientId: 'relais',
          clientSecret: SECRET,
          softwareClients: [SOFTWARE.id],
        };
        return [
          pscIssuer({ ...registration, issuer: this.psc.issuer }),
          operatorIssuer({ ...registration, issuer: this.issuer('operator'), acr: 'eidas1' }),
          ...staffIssuers(directory, { 'spsti-a': registration, 'spsti-b': registration }),
        ];
      },
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.psc.close();
    await this.forged.close();
  }

  /** Before each test. */
  reset(): void {
    this.ahead = 0;
    this.certificate = undefined;
    this.forged.lies = {};
    this.app.records.delegations = [];
    this.app.records.entries = [];
  }

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  /** Instant that many ms from Relais' now. */
  in(ms: number): string {
    return new Date(this.now().getTime() + ms).toISOString();
  }

  issuer(id: 'psc' | 'spsti-b' | 'operator'): string {
    return this.psc.issuers[id === 'psc' ? '' : `/${id}`] ?? '';
  }

  physician(rpps: string): string {
    return pseudonymOf(this.psc.issuer, pscSubject(rpps));
  }

  /** Signs in through the pages, as a person does, and ends at /auth/me. */
  async browse(account: string, issuer = 'psc'): Promise<{ browser: Browser; answer: Answer; url: string }> {
    const browser = new Browser();
    const page = await signIn(browser, `${this.app.origin}/auth/login?with=${issuer}&returnTo=/auth/me`, {
      account,
      password: passwordOf(account),
    });
    return { browser, url: page.url, answer: { status: page.status, body: JSON.parse(page.text) } };
  }

  /** Cookie header of somebody who signed in. */
  async cookieOf(account: string, issuer = 'psc'): Promise<Record<string, string>> {
    return this.cookie((await this.browse(account, issuer)).browser);
  }

  cookie(browser: Browser): Record<string, string> {
    return { cookie: browser.cookieHeader(new URL(this.app.origin)) };
  }

  async token(
    account: string,
    issuer: 'psc' | 'spsti-b' | 'operator' = 'psc',
    client = SOFTWARE,
  ): Promise<string> {
    const { accessToken } = await obtainToken({
      issuer: this.issuer(issuer),
      client,
      scope: issuer === 'psc' ? 'openid scope_all' : 'openid relais',
      account,
      password: passwordOf(account),
    });
    return accessToken;
  }

  /** Headers of that account's software. */
  async bearerOf(
    account: string,
    issuer: 'psc' | 'spsti-b' | 'operator' = 'psc',
  ): Promise<Record<string, string>> {
    return bearer(await this.token(account, issuer), issuer === 'psc' ? undefined : issuer);
  }

  async call(
    path: string,
    headers: Record<string, string>,
    options: { method?: string; body?: object } = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.app.origin}${path}`, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      headers: { ...headers, ...(options.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return { status: response.status, body: /^[{[]/.test(text) ? JSON.parse(text) : {} };
  }

  /** Identity traits and secrets that the log lines hold, causes of refusals included. */
  traitsInLogs(): string[] {
    const logs = this.app.logs.join('\n');
    // whole numbers only: a response time may hold the digits of an RPPS
    const traits =
      /FICTIF|Basile|INVENTÉ|GABARIT|PERSONNE|Fausse|(?<![.\d])8?999000000\d\d(?!\d)|password of|fictional/g;
    return logs.match(traits) ?? [];
  }
}

export function bearer(token: string, issuer?: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, ...(issuer === undefined ? {} : { 'relais-issuer': issuer }) };
}

function partner(id: string, siret: string): Partner {
  return {
    id,
    kind: 'spsti',
    name: id,
    siret,
    client: { issuer: '', subject: '' },
    flows: [],
    transport: 'mailbox',
    keys: {},
  };
}

function agree(partners: Partner[], id: string, issuer: string): void {
  const at = partners.findIndex((each) => each.id === id);
  partners[at] = { ...(partners[at] as Partner), staffIssuer: { issuer, acr: 'eidas1' } };
}

function realm(origin: string, path: string, id: keyof typeof ACCOUNTS, scope = 'relais'): Realm {
  return {
    path,
    title: `Émetteur ${id}`,
    scope,
    acr: 'eidas1',
    accounts: ACCOUNTS[id],
    clients: [
      {
        id: 'relais',
        secret: SECRET,
        redirectUris: [`${origin}/auth/callback/${id}`],
        postLogoutRedirectUris: [`${origin}/`],
      },
      { id: SOFTWARE.id, redirectUris: [SOFTWARE.redirectUri] },
      { id: STRANGER.id, redirectUris: [STRANGER.redirectUri] },
    ],
  };
}
