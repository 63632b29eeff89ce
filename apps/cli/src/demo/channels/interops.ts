/** INTEROPS in the demo: the health insurance's own service and software, and the agreements on both sides. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import {
  InteropsClient,
  type InteropsProvider,
  type ProviderOptions,
  startInteropsProvider,
} from '../../../../simulators/src/interops/index.ts';
import type { PairPaths } from '../../pki/pki-paths.ts';
import type { DemoHome } from '../demo-home.ts';
import type { DemoAgreement, DemoChannel } from './channel.ts';

const DATES = { from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };
/** fictional SIRET of the two organisations and of whoever runs Relais */
const SIRETS = {
  cnam: '99000000600011',
  'cnam-medical': '99000000600029',
  relais: '99000000900015',
} as const;
const X509 = 'urn:oasis:names:tc:SAML:2.0:ac:classes:X509';

export type Organisation = 'cnam' | 'cnam-medical';

/** What the convention names, from the organisation's side. */
export function termsOf(id: Organisation) {
  return {
    issuer: `urn:interops:${SIRETS[id]}:idp:organisme:1`,
    recipient: `urn:interops:sp:${SIRETS.relais}:relais`,
    audience: 'urn:relais:interops:v1',
    portal: 'urn:relais:portail:v1',
    authenticationClass: X509,
    pagm: PAGM[id].filter(({ rights }) => rights.length > 0).map(({ name }) => name),
    viDuree: 300,
    service: {
      audience: `urn:${id}:sante-travail:v1`,
      recipient: `urn:interops:sp:${SIRETS[id]}:sante-travail`,
    },
  };
}

const PAGM = {
  cnam: [
    { name: 'ST-ARRETS', rights: [{ flow: 'sick-leave' }] },
    { name: 'ST-RISQUES', rights: [{ flow: 'cnam-risks' }] },
    { name: 'ST-AUDIT', rights: [], role: 'auditor' },
  ],
  'cnam-medical': [{ name: 'ST-PDP', rights: [{ flow: 'medical-adviser' }] }],
};

export interface OrganisationOptions {
  /** members of the agreement to change */
  agreement?: Readonly<Record<string, unknown>>;
  client?: Readonly<Record<string, unknown>>;
  provider?: Readonly<Record<string, unknown>>;
  /** origins of its portal */
  origins?: readonly string[];
}

/** The agreement of one organisation, as the partners file holds it. */
export function interopsAgreement(
  { home, paths }: DemoHome,
  id: Organisation,
  endpoint: string | undefined,
  options: OrganisationOptions = {},
): DemoAgreement {
  const terms = termsOf(id);
  const certificates = [{ file: relative(home, paths.insi.mandate(id).seal.crt) }];
  const client =
    endpoint === undefined
      ? undefined
      : {
          endpoint,
          service: terms.service.audience,
          recipient: terms.service.recipient,
          idp: { name: 'relais', version: '1' },
          signedAnswer: { certificates },
          ...options.client,
        };
  return {
    channels: {
      'interops-soap': {
        label: `Convention fictive ${id} – santé au travail`,
        clientCode: `RELAIS-${id.toUpperCase()}`,
        version: '1',
        status: 'active',
        owner: `Direction fictive des échanges, ${id}`,
        legalReference: 'Convention fictive du 1er janvier 2026',
        ...DATES,
        direction: client === undefined ? 'provider' : 'both',
        viDuree: terms.viDuree,
        authenticationClasses: [terms.authenticationClass],
        pagm: PAGM[id],
        provider: {
          issuer: terms.issuer,
          recipient: terms.recipient,
          services: [terms.audience],
          signers: { certificates },
          signedBody: true,
          ...options.provider,
        },
        ...(client === undefined ? {} : { client }),
        ...(id === 'cnam'
          ? { portal: { service: terms.portal, origins: options.origins ?? ['http://localhost:8446'] } }
          : {}),
        ...options.agreement,
      },
    },
  };
}

/** The seal of a service, which signs what Relais says by INTEROPS in its name. */
export function sealMandate({ home, paths }: Pick<DemoHome, 'home' | 'paths'>, id: string): DemoAgreement {
  const { crt, key } = paths.insi.mandate(id).seal;
  const file = (path: string) => ({ file: relative(home, path) });
  return {
    mandate: { seal: { certificate: file(crt), key: file(key), scope: ['dmp', 'interops'], ...DATES } },
  };
}

export function startOrganisation(
  { paths }: DemoHome,
  id: Organisation,
  options: Pick<ProviderOptions, 'answer' | 'encryptionKey' | 'signedAnswers'> = {},
): Promise<InteropsProvider> {
  const server = paths.insi.server('interops');
  const terms = termsOf(id).service;
  return startInteropsProvider({
    tls: { cert: read(server.crt), key: read(server.key), ca: read(paths.ca.crt) },
    seal: sealOf(paths.insi.mandate(id).seal),
    authority: read(paths.insi.ca.crt),
    signedAnswers: true,
    ...terms,
    ...options,
  });
}

/** Software of an organisation that calls Relais. */
export function organisationClient(
  { paths }: DemoHome,
  id: Organisation,
  relaisUrl: string,
  now?: () => Date,
): InteropsClient {
  const { crt, key } = paths.partner(id).client;
  return new InteropsClient({
    relaisUrl,
    tls: { cert: read(crt), key: read(key), ca: read(paths.ca.crt) },
    seal: sealOf(paths.insi.mandate(id).seal),
    terms: termsOf(id),
    ...(now === undefined ? {} : { now }),
  });
}

export interface InteropsHandles {
  /** services that Relais calls */
  organisations: Readonly<Record<Organisation, InteropsProvider>>;
  /** software that calls Relais */
  organisation(id: Organisation, relaisUrl: string): InteropsClient;
}

export async function startInteropsChannel(
  demo: DemoHome,
): Promise<{ channel: DemoChannel; handles: InteropsHandles }> {
  const cnam = await startOrganisation(demo, 'cnam');
  const medical = await startOrganisation(demo, 'cnam-medical');
  return {
    channel: {
      agreements: {
        cnam: interopsAgreement(demo, 'cnam', cnam.endpoint),
        'cnam-medical': interopsAgreement(demo, 'cnam-medical', medical.endpoint),
        'spsti-a': sealMandate(demo, 'spsti-a'),
        'spsti-b': sealMandate(demo, 'spsti-b'),
      },
      settings: {},
      close: async () => {
        await Promise.all([cnam.close(), medical.close()]);
      },
    },
    handles: {
      organisations: { cnam, 'cnam-medical': medical },
      organisation: (id, relaisUrl) => organisationClient(demo, id, relaisUrl),
    },
  };
}

function sealOf({ crt, key }: PairPaths): { certificate: string; key: string } {
  return { certificate: read(crt), key: read(key) };
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
