import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerError, markRestored } from '#core';
import { Keyring } from '#protection';
import { openStore } from '#storage';
import { storePlaceOf } from '../../../../broker/src/config/store-place.ts';
import { systemClock, uuidv7 } from '../../../../broker/src/engine/stage-ports.ts';
import type { Cli } from '../../cli.ts';
import { DATABASE, type Manifest, readManifest, SECRETS } from './manifest.ts';

/**
 * Puts a backup in an empty home, or takes note that PostgreSQL was restored. No broker may be running on it.
 * @throws BrokerError `state.conflict` when there is a database already, `not-found`, `configuration.invalid`
 */
export async function restore(
  cli: Cli,
  folder: string | undefined,
  keysFolder: string | undefined,
): Promise<void> {
  const configuration = await cli.configuration();
  const place = storePlaceOf(configuration);
  const manifest = folder === undefined ? undefined : await readManifest(folder);
  if (folder === undefined && 'file' in place)
    throw new BrokerError('not-found', { detail: 'Donnez le dossier de la sauvegarde.' });
  if (folder !== undefined) {
    if (!('file' in place))
      throw new BrokerError('configuration.invalid', {
        detail: 'La base est PostgreSQL : restaurez-la par ses outils, puis « relais restore » sans dossier.',
      });
    const there = filesOf(place.file).find((file) => existsSync(file));
    if (there !== undefined)
      throw new BrokerError('state.conflict', { detail: `${there} existe déjà : partez d’un dossier neuf.` });
    mkdirSync(configuration.home, { recursive: true, mode: 0o700 });
    if (keysFolder !== undefined) copySecrets(keysFolder, configuration.home);
    cpSync(join(folder, DATABASE), place.file);
    chmodSync(place.file, 0o600);
  }
  try {
    const store = await openStore(place);
    try {
      await markRestored({ clock: systemClock, ids: uuidv7, unitOfWork: store.unitOfWork }, manifest?.at);
    } finally {
      await store.close();
    }
  } catch (error) {
    // unmarked, it must not be started
    if ('file' in place) for (const file of filesOf(place.file)) rmSync(file, { force: true });
    throw error;
  }
  cli.out(manifest === undefined ? 'Base marquée restaurée.' : `Base du ${manifest.at} remise en place.`);
  cli.out('Ce qui n’était pas terminé repart au démarrage, annoncé comme répétition possible.');
  cli.out(
    'Ce qui a été accepté depuis manque ici : les récépissés des expéditeurs le disent (relais ledger --sent).',
  );
  for (const line of missingKeys(configuration.kek, manifest)) cli.out(line);
}

/** SQLite would write the log of another database, left beside by a crash, into the one that is put there. */
function filesOf(database: string): string[] {
  return ['', '-wal', '-shm', '-journal'].map((end) => `${database}${end}`);
}

function copySecrets(from: string, home: string): void {
  for (const name of SECRETS)
    if (existsSync(join(from, name)))
      cpSync(join(from, name), join(home, name), { recursive: true, preserveTimestamps: true });
}

function missingKeys(
  { value, file }: { value?: { reveal(): string }; file: string },
  manifest: Manifest | undefined,
): string[] {
  const needed = manifest?.kekIds ?? [];
  const text = value?.reveal() ?? (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  const ring = text === undefined ? undefined : Keyring.fromText(text);
  const missing = needed.filter((id) => ring?.find(id) === undefined);
  if (missing.length === 0) return [];
  return [
    `Attention : il manque la clé de chiffrement ${missing.join(', ')} (RELAIS_KEK ou ${file}), avant tout démarrage.`,
  ];
}
