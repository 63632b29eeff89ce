/** What a backup says of itself: enough to know, at the worst moment, that it is whole and what else is needed. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BrokerError } from '#core';

export interface Manifest {
  format: 1;
  at: string;
  database: { file: string; sha256: string };
  /** names of the key-encryption keys without which content under way cannot be read */
  kekIds: readonly string[];
  /** of the home folder, not in this one */
  elsewhere: readonly { path: string; sha256: string }[];
}

export const DATABASE = 'relais.sqlite';
export const MANIFEST = 'manifest.json';

/** What makes the installation, beside its database. */
export const SECRETS = ['keys', 'pki', 'partners.json', 'openid.json'] as const;

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Every file of the home folder that a restoration needs and the database does not hold. */
export async function secretsOf(home: string): Promise<Manifest['elsewhere']> {
  const files = SECRETS.map((name) => join(home, name))
    .filter((path) => existsSync(path))
    .flatMap(filesUnder);
  return Promise.all(files.map(async (path) => ({ path: relative(home, path), sha256: await sha256(path) })));
}

/** @throws BrokerError `configuration.invalid` when it is no backup, or its database is not the one that was written */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file))
    throw new BrokerError('not-found', {
      detail: `${folder} n’est pas une sauvegarde : ${MANIFEST} n’y est pas.`,
    });
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if ((await sha256(join(folder, DATABASE))) !== manifest.database.sha256)
    throw new BrokerError('configuration.invalid', {
      detail: `${join(folder, DATABASE)} n’est pas la base que cette sauvegarde annonce.`,
    });
  return manifest;
}

function filesUnder(path: string): string[] {
  return readdirSafe(path)?.map((entry) => join(entry.parentPath, entry.name)) ?? [path];
}

/** undefined for a plain file */
function readdirSafe(path: string) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .sort((a, b) => join(a.parentPath, a.name).localeCompare(join(b.parentPath, b.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
