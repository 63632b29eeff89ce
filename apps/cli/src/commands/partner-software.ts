/** Speaking as a partner, with the keys of the home folder's test PKI or with PEM files of one's own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ReaderKeys, ReceiptStore, RelaisClient } from '#client';
import { type Audience, BrokerError } from '#core';
import type { Configuration } from '../../../broker/src/config/environment.ts';
import { pkiPaths } from '../pki/pki-paths.ts';

export interface SoftwareWords {
  as: string;
  url?: string;
  cert?: string;
  key?: string;
  ca?: string;
}

export interface ReaderWords {
  encCert?: string;
  encKey?: string;
  encHCert?: string;
  encHKey?: string;
}

export function softwareOptions(command: Command): Command {
  return command
    .requiredOption('--as <partenaire>', 'qui parle')
    .option('--url <url>', 'adresse de Relais pour les partenaires (par défaut celle de cette machine)')
    .option('--cert <fichier>', 'certificat client (par défaut pki/partners/<partenaire>.crt)')
    .option('--key <fichier>', 'sa clé privée (par défaut pki/partners/<partenaire>.key)')
    .option('--ca <fichier>', 'autorité du serveur (par défaut celle de la configuration)');
}

/** Receipts are kept in `clients/<partner>/receipts` of the home folder. @throws BrokerError `not-found` */
export function softwareOf(configuration: Configuration, words: SoftwareWords): RelaisClient {
  const { client } = pkiPaths(join(configuration.home, 'pki')).partner(partnerId(words.as));
  return new RelaisClient({
    baseUrl: words.url ?? `https://localhost:${configuration.ports.partners}`,
    partner: words.as,
    tls: {
      cert: pem(words.cert ?? client.crt, '--cert'),
      key: pem(words.key ?? client.key, '--key'),
      ca: pem(words.ca ?? configuration.tls.authorities, '--ca'),
    },
    receipts: new ReceiptStore(join(clientFolder(configuration, words.as), 'receipts')),
  });
}

/** @throws BrokerError `not-found` when there is no encryption key at all, `configuration.invalid` */
export function readersOf({ home }: Configuration, as: string, words: ReaderWords): ReaderKeys {
  const { enc, encH } = pkiPaths(join(home, 'pki')).partner(partnerId(as));
  const files = [
    ...reader('enc', words.encCert ?? enc.crt, words.encKey ?? enc.key, words.encCert !== undefined),
    ...reader('enc-h', words.encHCert ?? encH.crt, words.encHKey ?? encH.key, words.encHCert !== undefined),
  ];
  if (files.length === 0)
    throw new BrokerError('not-found', {
      detail: `Aucune clé de chiffrement pour ${as} : donnez --enc-cert et --enc-key.`,
    });
  try {
    return new ReaderKeys(files);
  } catch {
    throw new BrokerError('configuration.invalid', {
      detail: 'Une clé de chiffrement n’est pas celle de son certificat, ou n’est pas lisible.',
    });
  }
}

export function clientFolder({ home }: Configuration, partner: string): string {
  return join(home, 'clients', partner);
}

/** What was asked for must be there; what is only usual may be absent. */
function reader(audience: Audience, certificate: string, key: string, asked: boolean) {
  if (!asked && !(existsSync(certificate) && existsSync(key))) return [];
  return [
    { audience, certificate: pem(certificate, `--${audience}-cert`), key: pem(key, `--${audience}-key`) },
  ];
}

function pem(file: string, option: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new BrokerError('not-found', { detail: `${file} est absent : donnez ${option}.` });
}

/** It names files: nothing else than an id. */
function partnerId(text: string): string {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new BrokerError('recipient.unknown', { detail: 'L’identifiant de --as n’en est pas un.' });
}
