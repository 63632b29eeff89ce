/** The one reader of the process environment: one validated, frozen object, made once at start and handed down. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { EvidenceCode } from '#core';
import { OTP_ALONE_UNTIL } from '../persons/means-of-sign-in.ts';
import { type DirectoriesConfiguration, directoriesOf, directoryProblems } from './directories.ts';
import { configurationError, type Problem } from './problems.ts';
import { Secret } from './secret.ts';
import { SETTINGS, secretFile } from './setting.ts';
import { type ProcessRole, Settings } from './settings.ts';

/** Paths are absolute, durations in the unit of their name. */
export interface Configuration extends DirectoriesConfiguration {
  readonly home: string;
  readonly partnersFile: string;
  /** as Keyring reads them; the value wins over the file */
  readonly kek: { readonly value?: Secret<string>; readonly file: string };
  readonly environment: 'test' | 'production';
  /** absent: a SQLite file in `home` */
  readonly databaseUrl?: Secret<string>;
  /** absent: the job table is looked at, no announcement of work reaches other processes */
  readonly amqpUrl?: Secret<string>;
  readonly roles: readonly ProcessRole[];
  readonly logLevel: Settings['RELAIS_LOG_LEVEL'];
  readonly host: string;
  readonly ports: { readonly partners: number; readonly people: number; readonly health: number };
  /** PEM files */
  readonly tls: {
    readonly certificate: string;
    readonly key: string;
    /** shown when pushing to a partner */
    readonly clientCertificate: string;
    readonly clientKey: string;
    readonly authorities: string;
    readonly revocations: string;
    readonly people: boolean;
  };
  /** of the people's port as browsers see it; absent: localhost and its port */
  readonly peopleOrigin?: string;
  /** IGC Santé, PEM files: apart from the partners' authorities */
  readonly igc: { readonly authorities: string; readonly revocations: string };
  /** mail servers of this machine may be spoken to */
  readonly mssanteLoopback: boolean;
  readonly openid: {
    readonly issuer: string;
    readonly discovery?: string;
    readonly clientId: string;
    readonly clientSecret?: Secret<string>;
    readonly acr: string;
    /** clients given by services' staff issuers and by the operators' */
    readonly registrations: string;
  };
  /** health professionals' cards, files; absent: none is accepted */
  readonly cards?: { readonly authorities: string; readonly revocations: string; readonly register: string };
  /** YYYY-MM-DD, last day of one-time codes alone */
  readonly otpAloneUntil: string;
  /** of a token given for one of Pro Santé Connect */
  readonly apiTokenMinutes: number;
  readonly insi: {
    /** absent: no teleservice, verdicts are `unavailable` */
    readonly url?: string;
    readonly authorities: string;
    readonly cacheHours: number;
    readonly callsPerPerson: number;
  };
  readonly reverifyDays: number;
  readonly evidence: readonly EvidenceCode[];
  /** flows behind a feature flag that are open here */
  readonly features: readonly string[];
  /** file of this year's survey campaigns */
  readonly campaignsFile?: string;
  readonly sftpLookSeconds: number;
  readonly maxBodyBytes: number;
  readonly ratePerMinute: number;
  /** of one partner, unless its entry says otherwise */
  readonly atOnce: { readonly requests: number; readonly bytes: number };
  /** under which nothing new comes in */
  readonly minFreeDiskBytes: number;
  readonly retry: { readonly firstSeconds: number; readonly maxSeconds: number; readonly attempts: number };
  readonly attemptSeconds: number;
  readonly leaseSeconds: number;
  readonly drainSeconds: number;
  readonly replayPerMinute: number;
  readonly refusalTickSeconds: number;
  readonly sealIntervalMs: number;
  readonly portalDays: number;
  readonly keyMemoryDays: number;
  /** months of the journal kept after the one of a seal; 0 = all of it, for ever */
  readonly journalMonths: number;
  readonly tracing: {
    /** base URL of an OTLP/HTTP collector; absent: no traces */
    readonly endpoint?: string;
    readonly headers: Secret<Record<string, string>>;
    readonly serviceName: string;
    /** of the traces that begin here */
    readonly share: number;
  };
}

/** near enough: the entries of a message that is still remembered are not purged whatever the months */
const DAYS_OF_A_MONTH = 30;

/** RELAIS_ variables of the tests, harmless to a broker started by them. */
const NOT_OURS = ['RELAIS_REQUIRE_SERVICES', 'RELAIS_SHARED', 'RELAIS_CHROMIUM'];

/** @throws BrokerError `configuration.invalid`, whose `detail` lists all that is wrong */
export function readConfiguration(env: NodeJS.ProcessEnv = process.env): Configuration {
  const written: Record<string, string> = {};
  const unread: Problem[] = [];
  for (const { name, default: fallback, secret } of SETTINGS) {
    // an empty variable is what compose gives for an unset one
    const value = env[name]?.trim() || (secret ? inFile(env, name, unread) : undefined) || fallback;
    if (value !== undefined) written[name] = value;
  }
  const settings = plainToInstance(Settings, written);
  const problems = [...unread, ...rulesBroken(settings), ...together(settings), ...unknown(env)];
  if (problems.length > 0) throw configurationError('The configuration cannot be used', problems);
  return shape(settings);
}

/** For a log or a screen: secrets are masked, wherever they are. */
export function describe(configuration: Configuration): object {
  return JSON.parse(JSON.stringify(configuration)) as object;
}

/** The environment of a child process: ours, with these settings on top. */
export function environmentWith(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}

/** Secrets of an orchestrator are files. */
function inFile(env: NodeJS.ProcessEnv, name: string, unread: Problem[]): string | undefined {
  const file = env[secretFile(name)]?.trim();
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    unread.push({ at: secretFile(name), says: `cannot be read (${code})` });
    return undefined;
  }
}

function rulesBroken(settings: Settings): Problem[] {
  const order = SETTINGS.map(({ name }) => name);
  return validateSync(settings)
    .sort((a, b) => order.indexOf(a.property) - order.indexOf(b.property))
    .map(({ property, constraints }) => ({
      at: property,
      says: [...new Set(Object.values(constraints ?? {}))].join(', '),
    }));
}

/** Rules on several settings at once. */
function together(settings: Settings): Problem[] {
  const problems: Problem[] = [];
  const production = settings.RELAIS_ENVIRONMENT === 'production';
  const add = (at: keyof Settings, says: string) => problems.push({ at, says });

  if (settings.DATABASE_URL !== undefined && !isPostgresUrl(settings.DATABASE_URL))
    add('DATABASE_URL', 'must be a postgres:// address');
  // they would win over ours, by which a commit is on disk before it is answered
  if (URL.parse(settings.DATABASE_URL ?? '')?.searchParams.has('options') === true)
    add('DATABASE_URL', 'must not hold options: set them for the role in PostgreSQL');
  if (settings.AMQP_URL !== undefined && !isRabbitUrl(settings.AMQP_URL))
    add('AMQP_URL', 'must be an amqp:// or amqps:// address');
  if (settings.AMQP_URL !== undefined && settings.DATABASE_URL === undefined)
    add('AMQP_URL', 'needs DATABASE_URL: RabbitMQ carries ids, the record that it points to must be shared');
  if (settings.RELAIS_PEOPLE_TLS === 'off' && !isLoopback(settings.RELAIS_HOST))
    add('RELAIS_PEOPLE_TLS', 'cannot be off when RELAIS_HOST is not a loopback address');
  if (settings.RELAIS_RETRY_FIRST_SECONDS > settings.RELAIS_RETRY_MAX_SECONDS)
    add('RELAIS_RETRY_FIRST_SECONDS', 'must not be greater than RELAIS_RETRY_MAX_SECONDS');
  const months = settings.RELAIS_JOURNAL_MONTHS;
  if (months > 0 && months * DAYS_OF_A_MONTH < settings.RELAIS_KEY_MEMORY_DAYS)
    add(
      'RELAIS_JOURNAL_MONTHS',
      'must not be shorter than RELAIS_KEY_MEMORY_DAYS: what is remembered has its journal',
    );
  for (const name of ['RELAIS_OIDC_ISSUER', 'RELAIS_OIDC_DISCOVERY'] as const) {
    const url = URL.parse(settings[name] ?? '');
    if (url?.protocol === 'http:' && (production || !isLoopback(url.hostname)))
      add(name, production ? 'must be https in production' : 'must be https, except on a loopback address');
  }
  if (production && settings.RELAIS_MSSANTE_LOOPBACK === 'on')
    add('RELAIS_MSSANTE_LOOPBACK', 'cannot be on in production');
  if ((settings.RELAIS_CPS_CA === undefined) !== (settings.RELAIS_CPS_CRL === undefined))
    add('RELAIS_CPS_CRL', 'goes with RELAIS_CPS_CA: both or neither');
  if (production && settings.RELAIS_PEOPLE_ORIGIN?.startsWith('http:') === true)
    add('RELAIS_PEOPLE_ORIGIN', 'must be https in production');
  if (production && settings.RELAIS_OTP_ALONE_UNTIL > OTP_ALONE_UNTIL)
    add('RELAIS_OTP_ALONE_UNTIL', `must not be after ${OTP_ALONE_UNTIL} in production`);
  if (production && settings.RELAIS_OIDC_CLIENT_SECRET === undefined)
    add('RELAIS_OIDC_CLIENT_SECRET', 'is needed in production');
  return [...problems, ...directoryProblems(settings, isLoopback)];
}

/** A misspelt name would be a setting silently ignored. */
function unknown(env: NodeJS.ProcessEnv): Problem[] {
  const files = SETTINGS.filter(({ secret }) => secret).map(({ name }) => secretFile(name));
  const known = new Set([...SETTINGS.map(({ name }) => name), ...files, ...NOT_OURS]);
  return Object.keys(env)
    .filter((name) => name.startsWith('RELAIS_') && !known.has(name))
    .map((name) => ({ at: name, says: 'is not a setting; see .env.example' }));
}

function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '');
}

function isRabbitUrl(url: string): boolean {
  return /^amqps?:$/.test(URL.parse(url)?.protocol ?? '');
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

function shape(settings: Settings): Configuration {
  const home = resolve(settings.RELAIS_HOME);
  const inHome = (path: string | undefined, usual: string) =>
    path === undefined ? join(home, usual) : resolve(path);
  const authorities = inHome(settings.RELAIS_TLS_CA, 'pki/ca.crt');
  return freeze({
    home,
    partnersFile: inHome(settings.RELAIS_PARTNERS, 'partners.json'),
    kek: {
      ...(settings.RELAIS_KEK === undefined ? {} : { value: new Secret(settings.RELAIS_KEK) }),
      file: join(home, 'keys/kek'),
    },
    environment: settings.RELAIS_ENVIRONMENT,
    ...(settings.DATABASE_URL === undefined ? {} : { databaseUrl: new Secret(settings.DATABASE_URL) }),
    ...(settings.AMQP_URL === undefined ? {} : { amqpUrl: new Secret(settings.AMQP_URL) }),
    roles: settings.RELAIS_ROLES,
    logLevel: settings.RELAIS_LOG_LEVEL,
    host: settings.RELAIS_HOST,
    ports: {
      partners: settings.RELAIS_PARTNERS_PORT,
      people: settings.RELAIS_PEOPLE_PORT,
      health: settings.RELAIS_HEALTH_PORT,
    },
    tls: {
      certificate: inHome(settings.RELAIS_TLS_CERT, 'pki/broker.crt'),
      key: inHome(settings.RELAIS_TLS_KEY, 'pki/broker.key'),
      clientCertificate: inHome(settings.RELAIS_TLS_CLIENT_CERT, 'pki/broker.client.crt'),
      clientKey: inHome(settings.RELAIS_TLS_CLIENT_KEY, 'pki/broker.client.key'),
      authorities,
      revocations: inHome(settings.RELAIS_TLS_CRL, 'pki/ca.crl'),
      people: settings.RELAIS_PEOPLE_TLS === 'on' || !isLoopback(settings.RELAIS_HOST),
    },
    ...(settings.RELAIS_PEOPLE_ORIGIN === undefined ? {} : { peopleOrigin: settings.RELAIS_PEOPLE_ORIGIN }),
    igc: {
      authorities: inHome(settings.RELAIS_IGC_CA, 'pki/insi/ca.crt'),
      revocations: inHome(settings.RELAIS_IGC_CRL, 'pki/insi/ca.crl'),
    },
    mssanteLoopback: settings.RELAIS_MSSANTE_LOOPBACK === 'on',
    openid: {
      issuer: settings.RELAIS_OIDC_ISSUER,
      ...(settings.RELAIS_OIDC_DISCOVERY === undefined ? {} : { discovery: settings.RELAIS_OIDC_DISCOVERY }),
      clientId: settings.RELAIS_OIDC_CLIENT_ID,
      ...(settings.RELAIS_OIDC_CLIENT_SECRET === undefined
        ? {}
        : { clientSecret: new Secret(settings.RELAIS_OIDC_CLIENT_SECRET) }),
      acr: settings.RELAIS_OIDC_ACR,
      registrations: inHome(settings.RELAIS_OIDC_REGISTRATIONS, 'openid.json'),
    },
    ...(settings.RELAIS_CPS_CA === undefined || settings.RELAIS_CPS_CRL === undefined
      ? {}
      : {
          cards: {
            authorities: resolve(settings.RELAIS_CPS_CA),
            revocations: resolve(settings.RELAIS_CPS_CRL),
            register: inHome(settings.RELAIS_CPS_REGISTER, 'cards.json'),
          },
        }),
    otpAloneUntil: settings.RELAIS_OTP_ALONE_UNTIL,
    apiTokenMinutes: settings.RELAIS_API_TOKEN_MINUTES,
    insi: {
      ...(settings.RELAIS_INSI_URL === undefined ? {} : { url: settings.RELAIS_INSI_URL }),
      authorities: settings.RELAIS_INSI_CA === undefined ? authorities : resolve(settings.RELAIS_INSI_CA),
      cacheHours: settings.RELAIS_INSI_CACHE_HOURS,
      callsPerPerson: settings.RELAIS_INSI_CALLS_PER_PERSON,
    },
    reverifyDays: settings.RELAIS_REVERIFY_DAYS,
    evidence: settings.RELAIS_EVIDENCE,
    features: settings.RELAIS_FEATURES?.split(',') ?? [],
    ...(settings.RELAIS_CAMPAIGNS === undefined ? {} : { campaignsFile: resolve(settings.RELAIS_CAMPAIGNS) }),
    ...directoriesOf(settings, isLoopback),
    sftpLookSeconds: settings.RELAIS_SFTP_LOOK_SECONDS,
    maxBodyBytes: settings.RELAIS_MAX_BODY_MB * 1_000_000,
    ratePerMinute: settings.RELAIS_RATE_PER_MINUTE,
    atOnce: { requests: settings.RELAIS_REQUESTS_AT_ONCE, bytes: settings.RELAIS_MB_AT_ONCE * 1_000_000 },
    minFreeDiskBytes: settings.RELAIS_FREE_DISK_MB * 1_000_000,
    retry: {
      firstSeconds: settings.RELAIS_RETRY_FIRST_SECONDS,
      maxSeconds: settings.RELAIS_RETRY_MAX_SECONDS,
      attempts: settings.RELAIS_RETRY_ATTEMPTS,
    },
    replayPerMinute: settings.RELAIS_REPLAY_PER_MINUTE,
    attemptSeconds: settings.RELAIS_ATTEMPT_SECONDS,
    leaseSeconds: settings.RELAIS_LEASE_SECONDS,
    drainSeconds: settings.RELAIS_DRAIN_SECONDS,
    refusalTickSeconds: settings.RELAIS_REFUSAL_TICK_SECONDS,
    sealIntervalMs: settings.RELAIS_SEAL_INTERVAL_MS,
    portalDays: settings.RELAIS_PORTAL_DAYS,
    keyMemoryDays: settings.RELAIS_KEY_MEMORY_DAYS,
    journalMonths: settings.RELAIS_JOURNAL_MONTHS,
    tracing: {
      ...(settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? {}
        : { endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT }),
      headers: new Secret(parseKeyPairsIntoRecord(settings.OTEL_EXPORTER_OTLP_HEADERS)),
      serviceName: settings.OTEL_SERVICE_NAME,
      share: settings.OTEL_TRACES_SAMPLER_ARG,
    },
  });
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null && !(inner instanceof Secret)) freeze(inner);
  return Object.freeze(value);
}
