/** The people of the demo, signed in for real: their issuers on loopback, their passwords drawn and kept in access.json. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEMO_ACCOUNTS,
  type DemoAccount,
  demoAccounts,
  obtainToken,
  type PscSimulator,
  startPscSimulator,
} from '../../../simulators/src/psc/index.ts';
import { DEMO_CLIENT_ID, DEMO_SIRETS } from './demo-home.ts';

export interface DemoPeople {
  psc: PscSimulator;
  /** issuer of the staff of service b, and of those who run Relais */
  staffIssuer: string;
  operatorIssuer: string;
  /** issuers of who reads at the portal: workers, employers */
  ownSpaceIssuers: { worker: string; employer: string };
  passwords: Readonly<Record<DemoAccount, string>>;
  /** access token by the real authorisation code flow */
  tokenOf(account: DemoAccount): Promise<string>;
}

/** Redirection that no browser follows: the code is read from the address. */
const NOWHERE = 'http://localhost:1/back';

const WORKERS = { path: '/franceconnect', scope: 'openid identite_pivot', id: 'portail-worker' };
const EMPLOYERS = { path: '/proconnect', scope: 'openid siret', id: 'portail-employer' };

/** `id` of the issuer at Relais, where the path does not say it */
const REALM_OF: Partial<Record<DemoAccount, { path: string; scope: string; id?: string }>> = {
  'iprp-b': { path: '/spsti-b', scope: 'openid relais' },
  'secretary-b': { path: '/spsti-b', scope: 'openid relais' },
  'vigilance-b': { path: '/spsti-b', scope: 'openid relais' },
  'vigilance-b2': { path: '/spsti-b', scope: 'openid relais' },
  'auditor-b': { path: '/spsti-b', scope: 'openid relais' },
  operator: { path: '/operator', scope: 'openid relais' },
  'worker-zoe': WORKERS,
  'worker-other': WORKERS,
  'employer-a': EMPLOYERS,
  'employer-other': EMPLOYERS,
};

export async function startDemoPeople(options: {
  home: string;
  port: number;
  clientSecret: string;
  /** people port of the broker, for browsers that sign in */
  peoplePort: number;
  accessTokenSeconds?: number;
  /** between two polls; default as the standard says, 5 */
  cibaIntervalSeconds?: number;
}): Promise<DemoPeople> {
  const passwords = drawnPasswords(options.home);
  const accounts = demoAccounts((account) => passwords[account], {
    a: { siret: DEMO_SIRETS['spsti-a'], name: 'SPSTI A (fictif)' },
    b: { siret: DEMO_SIRETS['spsti-b'], name: 'SPSTI B (fictif)' },
  });
  const accessTokenSeconds = options.accessTokenSeconds ?? 600;
  const people = `http://localhost:${options.peoplePort}`;
  const clients = (issuer: string) => [
    {
      id: DEMO_CLIENT_ID,
      secret: options.clientSecret,
      redirectUris: [NOWHERE, `${people}/auth/callback/${issuer}`, `${people}/auth/psc-sessions/callback`],
      postLogoutRedirectUris: [`${people}/`],
      ciba: issuer === 'psc',
    },
  ];
  const psc = await startPscSimulator({
    port: options.port,
    realms: [
      {
        path: '',
        title: 'Pro Santé Connect (simulateur)',
        scope: 'scope_all',
        acr: 'eidas1',
        accounts: accounts.psc,
        clients: clients('psc'),
        accessTokenSeconds,
        ...(options.cibaIntervalSeconds === undefined
          ? {}
          : { ciba: { interval: options.cibaIntervalSeconds } }),
      },
      {
        path: '/spsti-b',
        title: 'SPSTI B (simulateur)',
        scope: 'relais',
        acr: 'eidas1',
        accounts: accounts.spstiB,
        clients: clients('spsti-b'),
        accessTokenSeconds,
      },
      {
        path: '/operator',
        title: 'Exploitation de Relais (simulateur)',
        scope: 'relais',
        acr: 'eidas1',
        accounts: accounts.operator,
        clients: clients('operator'),
        accessTokenSeconds,
      },
      {
        path: WORKERS.path,
        title: 'FranceConnect+ (simulateur)',
        scope: 'identite_pivot',
        acr: 'eidas2',
        accounts: accounts.workers,
        clients: clients(WORKERS.id),
        accessTokenSeconds,
      },
      {
        path: EMPLOYERS.path,
        title: 'ProConnect (simulateur)',
        scope: 'siret',
        acr: 'eidas1',
        accounts: accounts.employers,
        clients: clients(EMPLOYERS.id),
        accessTokenSeconds,
      },
    ],
  });
  const issuerAt = (path: string) => psc.issuers[path] ?? psc.issuer;
  return {
    psc,
    staffIssuer: issuerAt('/spsti-b'),
    operatorIssuer: issuerAt('/operator'),
    ownSpaceIssuers: { worker: issuerAt(WORKERS.path), employer: issuerAt(EMPLOYERS.path) },
    passwords,
    tokenOf: async (account) => {
      const { path, scope } = REALM_OF[account] ?? { path: '', scope: 'openid scope_all' };
      const { accessToken } = await obtainToken({
        issuer: issuerAt(path),
        client: { id: DEMO_CLIENT_ID, secret: options.clientSecret, redirectUri: NOWHERE },
        scope,
        account,
        password: passwords[account],
      });
      return accessToken;
    },
  };
}

/** Issuer id of an account: the header `Relais-Issuer` of an opaque token. */
export function issuerOf(account: DemoAccount): string {
  const { id, path } = REALM_OF[account] ?? { path: '/psc' };
  return id ?? path.slice(1);
}

/** A second demo on the same folder keeps them; accounts that are new since are drawn then. */
function drawnPasswords(home: string): Record<DemoAccount, string> {
  const file = join(home, 'keys', 'demo-passwords.json');
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<DemoAccount, string>>)
    : {};
  const drawn = Object.fromEntries(
    DEMO_ACCOUNTS.map((account) => [account, kept[account] ?? randomBytes(9).toString('base64url')]),
  ) as Record<DemoAccount, string>;
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(drawn), { mode: 0o600 });
  return drawn;
}
