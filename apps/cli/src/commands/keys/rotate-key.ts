import { chownSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrokerError } from '#core';
import { KeyFolder, Keyring, newKekText } from '#protection';
import type { Cli } from '../../cli.ts';
import { writeDurably } from '../../durable.ts';

/**
 * A newer key, whole or not at all, beside those in use: nobody uses it before being told to read it.
 * @throws BrokerError `not-found` for another word, `configuration.invalid`
 */
export async function rotateKey(cli: Cli, which: string): Promise<void> {
  const { home, kek } = await cli.configuration();
  const tenant = /^portal:([a-z0-9-]+)$/.exec(which)?.[1];
  if (which === 'kek') rotateKek(kek);
  else if (which === 'signing') add(join(home, 'keys/signing'), 'P-256');
  else if (which === 'encryption') add(join(home, 'keys/encryption'), 'RSA-3072');
  else if (tenant !== undefined) add(join(home, 'keys/portal', existing(home, tenant)), 'RSA-3072');
  else throw new BrokerError('not-found', { detail: 'Clés : signing, encryption, portal:<service> ou kek.' });
  cli.out('Faite. Envoyez SIGHUP à chaque courtier, ou redémarrez-le, pour qu’il l’emploie.');
  if (which === 'kek')
    cli.out('Puis « relais keys rewrap », et l’ancienne peut être retirée (relais doctor le dit).');
}

function rotateKek({ value, file }: { value?: object; file: string }): void {
  if (value !== undefined)
    throw new BrokerError('configuration.invalid', {
      detail:
        'La clé vient de RELAIS_KEK : mettez-y la nouvelle (openssl rand -base64 32) devant les anciennes, puis redémarrez chaque courtier.',
    });
  if (!existsSync(file)) {
    Keyring.fromFile(file);
    return;
  }
  const before = statSync(file);
  const text = readFileSync(file, 'utf8');
  // what stands there is read first: nothing is put before a line that no broker takes
  Keyring.fromText(text);
  writeDurably(file, Buffer.from(`${newKekText()}${text}`));
  if (process.getuid?.() === 0) chownSync(file, before.uid, before.gid);
}

function add(folder: string, kind: 'P-256' | 'RSA-3072'): void {
  const before = new Set(existsSync(folder) ? readdirSync(folder) : []);
  new KeyFolder(folder, kind).add();
  if (process.getuid?.() !== 0) return;
  // a change made by root must leave the files to the broker's own account
  const { uid, gid } = statSync(dirname(dirname(folder)));
  for (const name of readdirSync(folder)) if (!before.has(name)) chownSync(join(folder, name), uid, gid);
}

function existing(home: string, tenant: string): string {
  if (existsSync(join(home, 'keys/portal', tenant))) return tenant;
  throw new BrokerError('not-found', { detail: `Le portail n’a aucune clé pour ${tenant}.` });
}
