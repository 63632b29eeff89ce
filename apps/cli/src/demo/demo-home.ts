/** The folder that a demo or a test lives in: test authority, partners' keys, partners file, OpenID registrations. */
import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { flows } from '#contracts';
import type { PartnerKind, TransportName } from '#core';
import { clientIdentity } from '#protection';
import { DEMO_PARTNERS } from '../pki/demo-partners.ts';
import { makePki, type PkiRequest } from '../pki/make-pki.ts';
import type { DemoAgreement } from './channels/channel.ts';

export interface DemoHomeOptions {
  home: string;
  /** where spsti-b takes pushes; absent = it fetches its mailbox */
  pushEndpoint?: string;
  /** https endpoint per partner, over the default mailbox */
  endpoints?: Readonly<Record<string, string>>;
  /** channels and mandates laid over the agreements */
  agreements?: Readonly<Record<string, DemoAgreement>>;
  /** base of the FHIR server per partner */
  fhir?: Readonly<Record<string, string>>;
  /** issuers of the PSC stand-in: staff of service b, operators */
  staffIssuer?: string;
  operatorIssuer?: string;
  /** issuers of workers and of employers: the portal then has its pages at Relais */
  ownSpaceIssuers?: { worker: string; employer: string };
  /** SPSTI beside those of the demo, whose keys `openDemoHome` was asked for */
  moreServices?: readonly { id: string; name: string; siret: string }[];
}

export const DEMO_CLIENT_ID = 'relais';
export const DEMO_SIRETS = { 'spsti-a': '99000000100017', 'spsti-b': '99000000200015' } as const;

/** What each agreement opens: every flow to a service, to a recipient the flows in which it answers or speaks. */
const SERVICE = { kind: 'spsti', flows: [...new Set(flows.map(({ contract }) => contract.flow))] } as const;
const KINDS: Readonly<Record<string, PartnerKind>> = {
  'esms-1': 'esms',
  portail: 'portal',
  'internal-a': 'internal',
};

/** Ids are kinds, but for those of which there may be many. */
export function kindOf(id: string): PartnerKind {
  return KINDS[id] ?? (id.startsWith('spsti-') ? 'spsti' : (id as PartnerKind));
}

/** The fifteen, but those that have no keys in this home. */
function demoAgreements(paths: DemoHome['paths']) {
  const services = Object.entries(DEMO_SIRETS).map(([id, siret]) => ({ id, ...SERVICE, siret }));
  const others = DEMO_PARTNERS.filter(({ id }) => !Object.hasOwn(DEMO_SIRETS, id)).map(({ id }) => {
    const kind = kindOf(id);
    return { id, kind, flows: flowsOpenTo(kind) };
  });
  return [...services, ...others]
    .filter(({ id }) => existsSync(paths.partner(id).client.crt))
    .map((partner) => ({ ...partner, name: nameOf(partner.id) }));
}

function flowsOpenTo(kind: PartnerKind): string[] {
  const open = flows
    .filter(({ contract }) => Object.values(contract.objects).some(({ senders }) => senders.includes(kind)))
    .map(({ contract }) => contract.flow)
    .filter((flow) => flow !== 'insi');
  return [...new Set(open)];
}

function nameOf(id: string): string {
  return DEMO_PARTNERS.find((partner) => partner.id === id)?.name ?? id;
}

export interface DemoHome {
  home: string;
  /** client secret of Relais at the stand-in's issuers */
  clientSecret: string;
  paths: Awaited<ReturnType<typeof makePki>>;
}

/** Makes or completes the PKI and the client secret: a second demo keeps its keys. */
export async function openDemoHome(home: string, request: PkiRequest = {}): Promise<DemoHome> {
  mkdirSync(home, { recursive: true });
  const paths = await makePki(join(home, 'pki'), request);
  const secretFile = join(home, 'keys', 'openid-client-secret');
  if (!existsSync(secretFile)) {
    mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
    writeFileSync(secretFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  }
  return { home, clientSecret: readFileSync(secretFile, 'utf8'), paths };
}

/** Writes partners.json and openid.json for where the simulators listen this time. */
export function writeAgreements(
  { home, clientSecret, paths }: DemoHome,
  options: Omit<DemoHomeOptions, 'home'>,
): void {
  const file = (path: string) => ({ file: relative(home, path) });
  const endpoints: Record<string, string> = {
    ...(options.pushEndpoint === undefined ? {} : { 'spsti-b': options.pushEndpoint }),
    ...options.endpoints,
  };
  const others = (options.moreServices ?? []).map(({ id, name, siret }) => ({ id, ...SERVICE, name, siret }));
  const partners = [...demoAgreements(paths), ...others].map(({ id, kind, name, flows, ...more }) => {
    const at = paths.partner(id);
    const mandate = paths.insi.mandate(id);
    const pair = ({ crt, key }: { crt: string; key: string }) => ({ certificate: file(crt), key: file(key) });
    const isService = kind === 'spsti';
    const fhir = options.fhir?.[id];
    const endpoint = fhir ?? endpoints[id];
    const extra = options.agreements?.[id];
    const pages = extra?.pages ?? (kind === 'portal' && options.ownSpaceIssuers !== undefined);
    return {
      id,
      kind,
      name,
      flows,
      client: clientIdentity(new X509Certificate(readFileSync(at.client.crt))),
      transport: transportOf(kind, endpoint, fhir),
      ...(endpoint === undefined ? {} : { endpoint }),
      keys: {
        enc: [file(at.enc.crt)],
        ...(existsSync(at.encH.crt) ? { 'enc-h': [file(at.encH.crt)] } : {}),
      },
      ...(isService
        ? {
            ...more,
            mandate: {
              insi: {
                auto: pair(mandate.auto),
                manu: pair(mandate.manu),
                idam: 'IDAM-FICTIF-0001',
                emitter: organisationUnit(mandate.auto.crt),
                from: '2026-01-01T00:00:00.000Z',
                to: '2036-01-01T00:00:00.000Z',
              },
              ...extra?.mandate,
            },
          }
        : extra?.mandate === undefined
          ? {}
          : { mandate: extra.mandate }),
      ...(extra?.channels === undefined ? {} : { channels: extra.channels }),
      ...(extra?.vigilance === undefined ? {} : { vigilance: extra.vigilance }),
      ...(pages ? { pages } : {}),
      ...(extra?.automaticRelease === undefined ? {} : { automaticRelease: extra.automaticRelease }),
      ...(id === 'spsti-b' && options.staffIssuer !== undefined
        ? { staffIssuer: { issuer: options.staffIssuer, acr: 'eidas1' } }
        : {}),
    };
  });
  write(join(home, 'partners.json'), { partners });
  const registration = { clientId: DEMO_CLIENT_ID, clientSecret };
  write(join(home, 'openid.json'), {
    ...(options.operatorIssuer === undefined
      ? {}
      : { operator: { issuer: options.operatorIssuer, acr: 'eidas1', ...registration } }),
    ...(options.staffIssuer === undefined ? {} : { staff: { 'spsti-b': registration } }),
    ...(partners.some(({ kind, ...more }) => kind === 'portal' && 'pages' in more) &&
    options.ownSpaceIssuers !== undefined
      ? ownSpaceDoors(options.ownSpaceIssuers, registration)
      : {}),
  });
}

function ownSpaceDoors(issuers: { worker: string; employer: string }, registration: object): object {
  return {
    workers: {
      portail: { issuer: issuers.worker, acr: 'eidas2', profile: 'franceconnect', ...registration },
    },
    employers: {
      portail: { issuer: issuers.employer, acr: 'eidas1', profile: 'proconnect', ...registration },
    },
  };
}

function transportOf(
  kind: PartnerKind,
  endpoint: string | undefined,
  fhir: string | undefined,
): TransportName {
  if (kind === 'insi') return 'insi';
  if (fhir !== undefined) return 'fhir';
  return endpoint === undefined ? 'mailbox' : 'https';
}

function organisationUnit(certificate: string): string {
  const { subject } = new X509Certificate(readFileSync(certificate));
  return /^OU=(.+)$/m.exec(subject)?.[1] ?? '';
}

function write(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
