/** INTEROPS in the demo: the health insurance's own service and software, and the agreements on both sides. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { RelaisClient } from '#client';
import { cnamRisksDesk } from '../../../../simulators/src/cnam/cnam-risks-desk.ts';
import {
  InteropsClient,
  type InteropsProvider,
  type ProviderOptions,
  type Received,
  startInteropsProvider,
} from '../../../../simulators/src/interops/index.ts';
import type { DeskDelivery } from '../../../../simulators/src/partner/index.ts';
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
  organisations: { readonly cnam: InteropsProvider };
  /** software that calls Relais */
  organisation(id: Organisation, relaisUrl: string): InteropsClient;
  /** whose register answers the calls about establishments, at once */
  registerOf(client: RelaisClient): void;
}

export async function startInteropsChannel(
  demo: DemoHome,
): Promise<{ channel: DemoChannel; handles: InteropsHandles }> {
  let register: RelaisClient | undefined;
  const cnam = await startOrganisation(demo, 'cnam', {
    answer: async (received) =>
      register === undefined || received.object !== 'establishments'
        ? undefined
        : registered(received, register),
  });
  return {
    channel: {
      agreements: {
        cnam: interopsAgreement(demo, 'cnam', cnam.endpoint),
        'spsti-a': sealMandate(demo, 'spsti-a'),
        'spsti-b': sealMandate(demo, 'spsti-b'),
      },
      settings: {},
      close: () => cnam.close(),
    },
    handles: {
      organisations: { cnam },
      organisation: (id, relaisUrl) => organisationClient(demo, id, relaisUrl),
      registerOf: (client) => {
        register = client;
      },
    },
  };
}

/** What the register of the fund's own software says of what it was sent. */
async function registered(
  received: Received,
  client: RelaisClient,
): Promise<{ object: string; json: unknown }> {
  const parts = received.contents.map(({ bytes, mediaType }, n) => ({
    n: n + 1,
    datacontenttype: mediaType,
    content: bytes,
  }));
  const answer = await cnamRisksDesk(
    {
      messageId: received.id,
      type: `fr.relais-st.${received.flow}.${received.object}.v1`,
      flow: received.flow,
      object: received.object,
      sender: received.siret,
      correlationid: received.key,
      subjectref: undefined,
      files: [],
      parts: parts as unknown as DeskDelivery['parts'],
      json: () => JSON.parse(parts[0]?.content.toString() ?? 'null') as unknown,
      lines: async function* () {
        // a form of one piece has no lines
      },
    },
    client,
  );
  return { object: 'acknowledgement', json: answer?.acknowledgement };
}

function sealOf({ crt, key }: PairPaths): { certificate: string; key: string } {
  return { certificate: read(crt), key: read(key) };
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
