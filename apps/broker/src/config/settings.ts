/**
 * Every setting of the broker: name, default, one line, and its rule. `.env.example` is generated from here.
 * None is needed: no variable set = a working broker on one machine.
 */
import 'reflect-metadata';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { EvidenceCode } from '#core';
import { ChannelSettings } from './channel-settings.ts';
import { OneOf, Seconds, Setting, Share, Url, Whole, Words } from './setting.ts';

/** What a process does. `portal` = people's port and operations; `keeper` = clocks, seals, purge (one leads by a lease). */
export const PROCESS_ROLES = ['intake', 'prepare', 'deliver', 'portal', 'keeper'] as const;
export type ProcessRole = (typeof PROCESS_ROLES)[number];

export const EVIDENCE_CODES = [
  ...(['AN', 'CC', 'CE', 'CM', 'CN', 'CS', 'LE'] as const),
  ...(['PA', 'PC', 'TC', 'DC', 'AC', 'IE'] as const),
] as const satisfies readonly EvidenceCode[];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

export class Settings extends ChannelSettings {
  @Setting('Folder of all that the broker writes: database, keys, logs.', {
    section: 'Where and who',
    default: './var',
  })
  @IsString()
  RELAIS_HOME!: string;

  @Setting('Partners file, JSON; default partners.json in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_PARTNERS?: string;

  @Setting(
    'Key-encryption keys, 32 bytes in base64 each, newest first; default the file keys/kek in RELAIS_HOME.',
    {
      secret: true,
    },
  )
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=([\s,]+[A-Za-z0-9+/]{43}=)*$/, {
    message: 'must be 32 bytes in base64, or several separated by commas',
  })
  RELAIS_KEK?: string;

  @Setting('test or production; production refuses test trust anchors.', { default: 'test' })
  @OneOf(['test', 'production'])
  RELAIS_ENVIRONMENT!: 'test' | 'production';

  @Setting('What this process does, any of intake,prepare,deliver,portal,keeper.', {
    default: PROCESS_ROLES.join(','),
  })
  @Words(PROCESS_ROLES)
  RELAIS_ROLES!: ProcessRole[];

  @Setting('fatal, error, warn, info, debug or silent.', { default: 'info' })
  @OneOf(LOG_LEVELS)
  RELAIS_LOG_LEVEL!: (typeof LOG_LEVELS)[number];

  @Setting('Address that partners and people reach; health and metrics stay on 127.0.0.1.', {
    section: 'Network (port 0 = a free one, printed at start)',
    default: '127.0.0.1',
  })
  @Matches(/^[0-9A-Za-z.:-]+$/, { message: 'must be an address or a host name' })
  RELAIS_HOST!: string;

  @Setting('Partners, HTTPS with a client certificate.', { default: '8443' })
  @Whole(0, 65535)
  RELAIS_PARTNERS_PORT!: number;

  @Setting('People: portal, operations, documentation.', { default: '8444' })
  @Whole(0, 65535)
  RELAIS_PEOPLE_PORT!: number;

  @Setting('Health and metrics.', { default: '9464' })
  @Whole(0, 65535)
  RELAIS_HEALTH_PORT!: number;

  @Setting("Broker's certificate, PEM; default pki/broker.crt in RELAIS_HOME.")
  @IsOptional()
  @IsString()
  RELAIS_TLS_CERT?: string;

  @Setting("Broker's private key, PEM; default pki/broker.key in RELAIS_HOME.")
  @IsOptional()
  @IsString()
  RELAIS_TLS_KEY?: string;

  @Setting('Certificate shown when pushing to a partner, PEM; default pki/broker.client.crt in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_TLS_CLIENT_CERT?: string;

  @Setting('Its private key, PEM; default pki/broker.client.key in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_TLS_CLIENT_KEY?: string;

  @Setting("Authorities of partners' certificates, PEM; default pki/ca.crt in RELAIS_HOME.")
  @IsOptional()
  @IsString()
  RELAIS_TLS_CA?: string;

  @Setting('Revocation list of these authorities, PEM; default pki/ca.crl in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_TLS_CRL?: string;

  @Setting(
    'Authorities of IGC Santé, PEM: servers and seals of the health network; default pki/insi/ca.crt in RELAIS_HOME, if there.',
  )
  @IsOptional()
  @IsString()
  RELAIS_IGC_CA?: string;

  @Setting('Revocation lists of these authorities, PEM; default pki/insi/ca.crl in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_IGC_CRL?: string;

  @Setting(
    'MSSanté servers on this machine are spoken to, on or off: a demonstration; never in production.',
    {
      default: 'off',
    },
  )
  @OneOf(['on', 'off'])
  RELAIS_MSSANTE_LOOPBACK!: 'on' | 'off';

  @Setting("TLS on the people's port, on or off; default on, except on loopback where it is off.")
  @IsOptional()
  @OneOf(['on', 'off'])
  RELAIS_PEOPLE_TLS?: 'on' | 'off';

  @Setting(
    'Origin of the people’s port as browsers see it, e.g. https://relais.example; default localhost and its port. Issuers send back there.',
  )
  @IsOptional()
  @Matches(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, { message: 'must be an origin, without path' })
  RELAIS_PEOPLE_ORIGIN?: string;

  @Setting('OpenID issuer of persons: Pro Santé Connect, or its stand-in.', {
    section: 'Persons',
    default: 'http://localhost:8445',
  })
  @Url(['http', 'https'])
  RELAIS_OIDC_ISSUER!: string;

  @Setting('Discovery document, when it is not at the usual place under the issuer (PSC: wallet-openid-…).')
  @IsOptional()
  @Url(['http', 'https'])
  RELAIS_OIDC_DISCOVERY?: string;

  @Setting('Client id given by the issuer.', { default: 'relais' })
  @IsString()
  RELAIS_OIDC_CLIENT_ID!: string;

  @Setting('Client secret given by the issuer.', { secret: true })
  @IsOptional()
  @IsString()
  RELAIS_OIDC_CLIENT_SECRET?: string;

  @Setting('Assurance level that a sign-in must carry.', { default: 'eidas1' })
  @IsString()
  RELAIS_OIDC_ACR!: string;

  @Setting('Clients given to Relais by services’ staff issuers and by the operators’ (<home>/openid.json).')
  @IsOptional()
  @IsString()
  RELAIS_OIDC_REGISTRATIONS?: string;

  @Setting(
    'Last day on which a one-time code (TOTP, SMS) of a service’s or the operators’ issuer was enough; no later in production.',
    { default: '2025-12-31' },
  )
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a date, YYYY-MM-DD' })
  RELAIS_OTP_ALONE_UNTIL!: string;

  @Setting('Life of a token that Relais gives for one of Pro Santé Connect, in minutes.', { default: '60' })
  @Whole(1, 240)
  RELAIS_API_TOKEN_MINUTES!: number;

  @Setting('Authorities of health professionals’ cards (CPS), PEM; without them no card opens anything.')
  @IsOptional()
  @IsString()
  RELAIS_CPS_CA?: string;

  @Setting('Revocation list of these authorities, PEM: needed with them.')
  @IsOptional()
  @IsString()
  RELAIS_CPS_CRL?: string;

  @Setting('Whose card opens a session and as what, JSON; default cards.json in RELAIS_HOME.')
  @IsOptional()
  @IsString()
  RELAIS_CPS_REGISTER?: string;

  @Setting('INSi teleservice. Without it every identity stays as the sender knows it.', {
    section: 'Identity vigilance',
  })
  @IsOptional()
  @Url(['https'])
  RELAIS_INSI_URL?: string;

  @Setting("Authorities of INSi's certificate, PEM; default the file of RELAIS_TLS_CA.")
  @IsOptional()
  @IsString()
  RELAIS_INSI_CA?: string;

  @Setting('An INSi answer is reused for this long, for the SPSTI that asked; 0 = never.', { default: '24' })
  @Whole(0, 8760)
  RELAIS_INSI_CACHE_HOURS!: number;

  @Setting('INSi calls for one person in a day; a search takes one per given name.', { default: '12' })
  @Whole(1, 1000)
  RELAIS_INSI_CALLS_PER_PERSON!: number;

  @Setting('Age after which a qualified identity is verified again; our choice, no text gives a period.', {
    default: '1095',
  })
  @Whole(1, 36500)
  RELAIS_REVERIFY_DAYS!: number;

  @Setting('High-trust evidence accepted, FR Core codes.', { default: 'CN,PA,CS,IE,TC,AC' })
  @Words(EVIDENCE_CODES)
  RELAIS_EVIDENCE!: EvidenceCode[];

  @Setting('Flows behind a feature flag that are open here: dmp-export.', { section: 'Flows' })
  @IsOptional()
  @Matches(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, { message: 'must be flow names separated by commas' })
  RELAIS_FEATURES?: string;

  @Setting(
    'Survey campaigns of this year, JSON { flow: { id, opensAt, closesAt } }; default those of the contracts.',
  )
  @IsOptional()
  @IsString()
  RELAIS_CAMPAIGNS?: string;

  @Setting(
    'OpenTelemetry collector, OTLP over HTTP, e.g. http://localhost:4318; without it nothing is traced.',
    {
      section: 'Traces',
    },
  )
  @IsOptional()
  @Url(['http', 'https'])
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @Setting('Headers for the collector, name=value separated by commas, values percent-encoded.', {
    secret: true,
  })
  @IsOptional()
  @Matches(/^[\w-]+=[^,]*(,\s*[\w-]+=[^,]*)*$/, { message: 'must be name=value separated by commas' })
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  @Setting('Name under which this broker stands in the traces.', { default: 'relais' })
  @IsString()
  OTEL_SERVICE_NAME!: string;

  @Setting(
    'Part of the traces begun here that is kept, 0 to 1; a sender’s own trace is followed as it says.',
    {
      default: '1',
    },
  )
  @Share()
  OTEL_TRACES_SAMPLER_ARG!: number;

  @Setting('Largest unitary message, in MB of a million bytes.', { section: 'Limits', default: '50' })
  @Whole(1, 50)
  RELAIS_MAX_BODY_MB!: number;

  @Setting('Messages a minute for a partner whose entry names no rate.', { default: '6000' })
  @Whole(1, 10_000_000)
  RELAIS_RATE_PER_MINUTE!: number;

  @Setting('Requests of one partner at a time, long polls included, unless its entry says otherwise.', {
    default: '100',
  })
  @Whole(1, 100_000)
  RELAIS_REQUESTS_AT_ONCE!: number;

  @Setting(
    'Bodies of one partner in memory at a time, in MB of a million bytes, unless its entry says otherwise; one alone may take more.',
    { default: '128' },
  )
  @Whole(1, 100_000)
  RELAIS_MB_AT_ONCE!: number;

  @Setting(
    'New messages are refused while less is free on the disk of RELAIS_HOME, in MB; what is under way goes on. 0 = never.',
    { default: '256' },
  )
  @Whole(0, 100_000_000)
  RELAIS_FREE_DISK_MB!: number;

  @Setting('Dead deliveries that a replay sends again, a minute for one recipient: it has just come back.', {
    default: '300',
  })
  @Whole(1, 100_000)
  RELAIS_REPLAY_PER_MINUTE!: number;

  @Setting('Wait before the second try of a delivery; doubles each time.', {
    section: 'Clocks',
    default: '5',
  })
  @Seconds(0.05, 86_400)
  RELAIS_RETRY_FIRST_SECONDS!: number;

  @Setting('Longest wait between two tries.', { default: '3600' })
  @Seconds(0.05, 86_400)
  RELAIS_RETRY_MAX_SECONDS!: number;

  @Setting('Tries before a delivery is dead.', { default: '20' })
  @Whole(1, 1000)
  RELAIS_RETRY_ATTEMPTS!: number;

  @Setting('One try of one delivery may last this long.', { default: '30' })
  @Seconds(0.05, 3600)
  RELAIS_ATTEMPT_SECONDS!: number;

  @Setting(
    'A worker silent for this long loses its job to another; a mailbox delivery not acknowledged is shown again.',
    { default: '60' },
  )
  @Seconds(1, 3600)
  RELAIS_LEASE_SECONDS!: number;

  @Setting('A process told to stop ends what is under way for this long, then cuts it.', { default: '20' })
  @Seconds(0, 3600)
  RELAIS_DRAIN_SECONDS!: number;

  @Setting('Refusals leave on common ticks, so that their delay tells nothing.', { default: '60' })
  @Seconds(0.05, 86_400)
  RELAIS_REFUSAL_TICK_SECONDS!: number;

  @Setting('Time between two seals of the journal, in milliseconds.', { default: '1000' })
  @Whole(50, 3_600_000)
  RELAIS_SEAL_INTERVAL_MS!: number;

  @Setting(
    'Days after which the portal’s own copy of a dossier is purged, and who was asked about is erased.',
    { default: '30' },
  )
  @Whole(1, 3650)
  RELAIS_PORTAL_DAYS!: number;

  @Setting('A message id is remembered for this many days.', { default: '400' })
  @Whole(1, 3650)
  RELAIS_KEY_MEMORY_DAYS!: number;

  @Setting(
    'Whole months that the journal is kept after the month of a seal, then its entries are purged; the seals stay. 0 = for ever.',
    { default: '0' },
  )
  @Whole(0, 1200)
  RELAIS_JOURNAL_MONTHS!: number;

  @Setting(
    'PostgreSQL 13 or newer, postgres://user:password@host/database; default a SQLite file in RELAIS_HOME.',
    {
      section: 'When one machine is not enough',
      secret: true,
    },
  )
  @IsOptional()
  @IsString()
  DATABASE_URL?: string;

  @Setting(
    'RabbitMQ 3.10 or newer, amqp://user:password@host/vhost (amqps: over TLS), for several processes; needs DATABASE_URL.',
    { secret: true },
  )
  @IsOptional()
  @IsString()
  AMQP_URL?: string;
}
