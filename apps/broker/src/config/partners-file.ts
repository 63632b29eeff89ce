/** The partners in force: a JSON file, validated whole, whose PEM values may be files beside it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Partner } from '#core';
import { isSshKey } from '#transports';
import { interopsDoubles, interopsProblems } from './channels/interops.ts';
import { mailDoubles, mailProblems } from './channels/mssante.ts';
import { mandatesOf } from './mandates.ts';
import { PARTNERS_SCHEMA } from './partners-schema.ts';
import { configurationError, type Problem } from './problems.ts';

export interface PartnersRead {
  partners: readonly Partner[];
  /** each file that was read, as it was just before */
  stamps: ReadonlyMap<string, string>;
}

const isShaped = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<{ partners: Partner[] }>(
  PARTNERS_SCHEMA,
);

export interface ReadOptions {
  /** false: there is no RabbitMQ here, so nobody can have a queue in it */
  amqp?: boolean;
}

/** @throws BrokerError `configuration.invalid`, whose `detail` lists all that is wrong, never a value */
export function readPartners(path: string, { amqp = true }: ReadOptions = {}): PartnersRead {
  const what = `The partners file ${path} cannot be used`;
  const stamps = new Map([[path, stampOf(path)]]);
  const document = parse(path, what);
  if (!isShaped(document)) throw configurationError(what, (isShaped.errors ?? []).map(asProblem));

  const problems: Problem[] = [];
  const partners = document.partners.map((partner, index) =>
    withPems(partner, `/partners/${index}`, (value, at) => {
      if (typeof value === 'string') return value;
      const file = resolve(dirname(path), value.file);
      stamps.set(file, stampOf(file));
      try {
        return readFileSync(file, 'utf8');
      } catch (cause) {
        problems.push({ at, says: `cannot read ${file} (${(cause as NodeJS.ErrnoException).code})` });
        return undefined;
      }
    }),
  );
  partners.forEach((partner, index) => {
    problems.push(...partnerProblems(partner, `/partners/${index}`));
    if (partner.transport === 'amqp' && !amqp)
      problems.push({ at: `/partners/${index}/transport`, says: 'needs AMQP_URL: the queue is in RabbitMQ' });
  });
  problems.push(...doubles(partners), ...interopsDoubles(partners), ...mailDoubles(partners));
  if (problems.length > 0) throw configurationError(what, problems);
  return { partners, stamps };
}

/** Differs as soon as the file was written again or replaced. */
export function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}

function parse(path: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw configurationError(what, [
      { at: '', says: code === undefined ? 'it is not JSON' : `it cannot be read (${code})` },
    ]);
  }
}

/** A value that may be a file, in the document as written. */
type Pem = string | { file: string };

/** The same partner with every PEM read; what could not be read is left out and is already a problem. */
function withPems(
  partner: Partner,
  at: string,
  read: (value: Pem, at: string) => string | undefined,
): Partner {
  const visit = (value: unknown, here: string): unknown => {
    if (Array.isArray(value))
      return value.map((item, n) => visit(item, `${here}/${n}`)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    if ('file' in value) return read(value as { file: string }, here);
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, visit(inner, `${here}/${name}`)]),
    );
  };
  return visit(partner, at) as Partner;
}

function partnerProblems(partner: Partner, at: string): Problem[] {
  const problems: Problem[] = [];
  const add = (where: string, says: string) => problems.push({ at: `${at}${where}`, says });

  if (partner.transport === 'https' && partner.endpoint === undefined)
    add('/endpoint', 'is needed when the transport is https');
  const audiences = partner.kind === 'spsti' ? (['enc', 'enc-h'] as const) : (['enc'] as const);
  if (['https', 'mailbox', 'amqp'].includes(partner.transport))
    for (const audience of audiences)
      if (partner.keys[audience] === undefined)
        add(`/keys/${audience}`, 'is needed to seal what it receives');
  for (const audience of ['enc', 'enc-h'] as const)
    partner.keys[audience]?.forEach((pem, n) => {
      if (certificate(pem)?.publicKey.asymmetricKeyType !== 'rsa')
        add(`/keys/${audience}/${n}`, 'must be the PEM certificate of an RSA key');
    });
  const sftp = partner.channels?.sftp;
  if (sftp !== undefined && partner.keys.enc === undefined)
    add('/keys/enc', 'is needed to seal what is deposited by SFTP');
  if (sftp !== undefined && !isSshKey(sftp.key))
    add('/channels/sftp/key', 'must be a private key that SSH reads, without a passphrase');
  const interops = partner.channels?.['interops-soap'];
  if (interops !== undefined) problems.push(...interopsProblems(interops, `${at}/channels/interops-soap`));
  problems.push(...mailProblems(partner, at));
  if (partner.pages === true && !['spsti', 'portal'].includes(partner.kind))
    add('/pages', 'are for a service or a portal');
  if (partner.automaticRelease === true && (partner.kind !== 'spsti' || partner.pages !== true))
    add('/automaticRelease', 'is for a service that has its pages here');
  const { seal } = partner.mandate ?? {};
  // a repeat must be the very same bytes, and an ECDSA signature never is
  if (seal?.scope.includes('dmp') && certificate(seal.certificate)?.publicKey.asymmetricKeyType !== 'rsa')
    add('/mandate/seal', 'must be an RSA pair to seal deposits in the DMP');
  for (const { name, from, to, pairs } of mandatesOf(partner)) {
    if (name === 'insi' && pairs.length === 0) add('/mandate/insi', 'needs a certificate, auto or manu');
    if (from >= to) add(`/mandate/${name}/to`, 'must be after from');
    for (const pair of pairs)
      if (!isPair(pair)) add(pair.at, 'must be a PEM certificate and its private key');
  }
  return problems;
}

function certificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function isPair(pair: { certificate: string; key: string }): boolean {
  try {
    return certificate(pair.certificate)?.checkPrivateKey(createPrivateKey(pair.key)) ?? false;
  } catch {
    return false;
  }
}

/** An id, and a certificate's issuer and subject, name one partner. */
function doubles(partners: readonly Partner[]): Problem[] {
  const problems: Problem[] = [];
  const ids = new Set<string>();
  const clients = new Set<string>();
  partners.forEach(({ id, client }, index) => {
    const dn = client && JSON.stringify([client.issuer, client.subject]);
    if (ids.has(id)) problems.push({ at: `/partners/${index}/id`, says: 'is the id of another partner' });
    if (dn !== undefined && clients.has(dn))
      problems.push({ at: `/partners/${index}/client`, says: 'is the certificate of another partner' });
    ids.add(id);
    if (dn !== undefined) clients.add(dn);
  });
  return problems;
}

function asProblem({ instancePath, keyword, message, params }: ErrorObject): Problem {
  if (keyword === 'additionalProperties')
    return {
      at: `${instancePath}/${params['additionalProperty']}`,
      says: 'is not a member of the partners file',
    };
  if (keyword === 'required')
    return { at: `${instancePath}/${params['missingProperty']}`, says: 'is missing' };
  if (keyword === 'enum')
    return { at: instancePath, says: `must be one of ${params['allowedValues'].join(', ')}` };
  return { at: instancePath, says: message ?? 'is not valid' };
}
