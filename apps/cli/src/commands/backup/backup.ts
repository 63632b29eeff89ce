import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { BrokerError } from '#core';
import { backupSqlite, inspectStore } from '#storage';
import { storePlaceOf } from '../../../../broker/src/config/store-place.ts';
import type { Cli } from '../../cli.ts';
import { writeDurably } from '../../durable.ts';
import { DATABASE, MANIFEST, type Manifest, SECRETS, secretsOf, sha256 } from './manifest.ts';

/** @throws BrokerError `configuration.invalid` on PostgreSQL or for keys beside the data, `state.conflict` */
export async function backup(cli: Cli, folder: string, keysFolder: string | undefined): Promise<void> {
  const configuration = await cli.configuration();
  const { home, kek } = configuration;
  const place = storePlaceOf(configuration);
  if (!('file' in place))
    throw new BrokerError('configuration.invalid', {
      detail: 'La base est PostgreSQL : pg_dump ou pg_basebackup (docs/operations.md).',
    });
  if (!existsSync(place.file))
    throw new BrokerError('not-found', { detail: `Aucune base : ${place.file} n’existe pas.` });
  if (keysFolder !== undefined && (isUnder(keysFolder, folder) || isUnder(folder, keysFolder)))
    throw new BrokerError('configuration.invalid', {
      detail: 'Les clés ne vont pas avec la base : ensemble, elles se lisent.',
    });
  fresh(folder);
  if (keysFolder !== undefined) fresh(keysFolder);
  try {
    const at = cli.now().toISOString();
    const copy = join(folder, DATABASE);
    await backupSqlite(place.file, copy);
    const manifest: Manifest = {
      format: 1,
      at,
      database: { file: DATABASE, sha256: await sha256(copy) },
      kekIds: (await inspectStore(place))?.kekIds ?? [],
      elsewhere: await secretsOf(home),
    };
    if (keysFolder !== undefined)
      for (const name of SECRETS)
        if (existsSync(join(home, name)))
          cpSync(join(home, name), join(keysFolder, name), { recursive: true, preserveTimestamps: true });
    // last: a folder without it is no backup
    writeDurably(join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
    cli.out(`Base copiée dans ${folder}, telle qu’elle était à ${at}.`);
    say(cli, manifest, keysFolder, kek.value !== undefined);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function say(cli: Cli, { elsewhere }: Manifest, keysFolder: string | undefined, kekGiven: boolean): void {
  if (keysFolder === undefined) {
    cli.out(
      `N’y sont pas, et sont à garder ailleurs : ${elsewhere.length} fichiers (${SECRETS.join(', ')}).`,
    );
    cli.out('Sans eux la base ne se lit pas ; avec eux, elle se lit : jamais au même endroit.');
  } else
    cli.out(`Clés, certificats et accords copiés dans ${keysFolder} : jamais au même endroit que la base.`);
  if (kekGiven) cli.out('RELAIS_KEK n’est copiée nulle part : gardez-la vous-même.');
}

function fresh(folder: string): void {
  if (existsSync(folder))
    throw new BrokerError('state.conflict', { detail: `${folder} existe déjà : donnez un dossier neuf.` });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

function isUnder(inner: string, outer: string): boolean {
  return !relative(resolve(outer), resolve(inner)).startsWith('..');
}
