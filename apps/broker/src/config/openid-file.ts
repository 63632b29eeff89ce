/** What Relais was given where it is registered as an OpenID client, besides Pro Santé Connect: a JSON file, mode 0600. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CertificateBinding, Registration } from '../persons/issuer-settings.ts';
import { OWN_SPACE_PROFILES, type OwnSpaceRegistration, WORKER_MEANS } from '../persons/own-space-profile.ts';
import { configurationError } from './problems.ts';

export interface OpenidRegistrations {
  /** for Pro Santé Connect: origins of its pages, clients of partners' software */
  psc?: {
    browserOrigins?: readonly string[];
    softwareClients?: readonly string[];
    cibaHint?: 'national-id' | 'rpps';
    certificateBinding?: CertificateBinding;
  };
  /** issuer of those who run Relais */
  operator?: Registration & { issuer: string; acr: string; approved?: string };
  /** by partner, for the issuers named in the agreements */
  staff?: Readonly<Record<string, Registration>>;
  /** by portal that has its pages at Relais: the doors of workers, and of employers */
  workers?: Readonly<Record<string, OwnSpaceRegistration>>;
  employers?: Readonly<Record<string, OwnSpaceRegistration>>;
}

const text = { type: 'string', minLength: 1, maxLength: 500 };
const texts = { type: 'array', items: text, maxItems: 50 };
const registration = { clientId: text, clientSecret: text, softwareClients: texts };

const ownSpace = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    required: ['issuer', 'acr', 'clientId', 'clientSecret', 'profile'],
    properties: {
      ...{ issuer: text, acr: text, label: text, scope: text },
      profile: { enum: Object.keys(OWN_SPACE_PROFILES) },
      means: { enum: WORKER_MEANS },
      requires: {
        type: 'object',
        additionalProperties: false,
        required: ['claim', 'value'],
        properties: { claim: text, value: text },
      },
      // no softwareClients: nobody's software carries these persons to Relais
      ...{ clientId: text, clientSecret: text },
    },
  },
};

const isShaped = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
}).compile<OpenidRegistrations>({
  type: 'object',
  additionalProperties: false,
  properties: {
    psc: {
      type: 'object',
      additionalProperties: false,
      properties: {
        browserOrigins: texts,
        softwareClients: texts,
        cibaHint: { enum: ['national-id', 'rpps'] },
        certificateBinding: { enum: ['rfc8705', 'hex'] },
      },
    },
    operator: {
      type: 'object',
      additionalProperties: false,
      required: ['issuer', 'acr', 'clientId', 'clientSecret'],
      properties: { issuer: text, acr: text, approved: text, ...registration },
    },
    staff: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['clientId', 'clientSecret'],
        properties: registration,
      },
    },
    workers: ownSpace,
    employers: ownSpace,
  },
});

/** Empty when there is no such file. @throws BrokerError `configuration.invalid` */
export function readOpenidRegistrations(path: string): OpenidRegistrations {
  if (!existsSync(path)) return {};
  const what = `The OpenID registrations ${path} cannot be used`;
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw configurationError(what, [{ at: '', says: 'it is not JSON' }]);
  }
  if (isShaped(document)) return document;
  throw configurationError(
    what,
    (isShaped.errors ?? []).map(({ instancePath, message }) => ({
      at: instancePath,
      says: message ?? 'is not right',
    })),
  );
}
