/** The partners file is changed whole or not at all, by one operator at a time, and only into a file that the broker takes. */
import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Audience, BrokerError, type Partner } from '#core';
import { readPartners } from '../../../../broker/src/config/partners-file.ts';
import { syncFolder } from '../../durable.ts';

/** inline, or a file named relative to the partners file */
export type Pem = string | { file: string };

/** A partner as written: what is not named here is kept as it is. */
export interface WrittenPartner extends Omit<Partner, 'keys' | 'mandate'> {
  keys: Partial<Record<Audience, readonly Pem[]>>;
  mandate?: object;
}

/**
 * Replaces the partners file by what `change` makes of it; makes the file when there is none.
 * @throws BrokerError `state.conflict` when another change is under way, `configuration.invalid` when either version
 * cannot be used: then nothing has changed
 */
export function editPartners(
  path: string,
  change: (partners: readonly WrittenPartner[]) => readonly WrittenPartner[],
): void {
  const draft = `${path}.draft`;
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before?.isSymbolicLink() === true)
    throw new BrokerError('configuration.invalid', {
      detail: `${path} est un lien : nommez le fichier même`,
    });
  const file = openDraft(draft, before?.mode ?? 0o600);
  try {
    // a change made by root must leave the file to the broker's own account
    if (before !== undefined && process.getuid?.() === 0) fchownSync(file, before.uid, before.gid);
    const partners = change(writtenPartners(path));
    writeSync(file, `${JSON.stringify({ partners }, null, 2)}\n`);
    fsyncSync(file);
    accept(draft, path);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}

/** One partner changed, the others as they are. @throws BrokerError `not-found` */
export function editPartner(
  path: string,
  id: string,
  change: (partner: WrittenPartner) => WrittenPartner,
): void {
  editPartners(path, (partners) => {
    if (!partners.some((partner) => partner.id === id)) throw unknownPartner(id);
    return partners.map((partner) => (partner.id === id ? change(partner) : partner));
  });
}

export function unknownPartner(id: string): BrokerError {
  return new BrokerError('not-found', { detail: `Aucun partenaire ne s’appelle ${id}.` });
}

/** Text of a PEM value of that partners file. */
export function pemText(pem: Pem, path: string): string {
  return typeof pem === 'string' ? pem : readFileSync(resolve(dirname(path), pem.file), 'utf8');
}

function writtenPartners(path: string): readonly WrittenPartner[] {
  if (!existsSync(path)) return [];
  readPartners(path);
  const { partners } = JSON.parse(readFileSync(path, 'utf8')) as { partners: WrittenPartner[] };
  return partners;
}

/** The draft is the lock: whoever makes it may change the file. */
function openDraft(draft: string, mode: number): number {
  try {
    return openSync(draft, 'wx', mode & 0o777);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new BrokerError('state.conflict', {
      detail: `Une autre modification est en cours. Si ce n’est pas le cas, supprimez ${draft}`,
    });
  }
}

function accept(draft: string, path: string): void {
  try {
    readPartners(draft);
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    const detail = `Modification refusée, rien n’a changé.\n${error.detail?.replaceAll(draft, path) ?? ''}`;
    throw new BrokerError('configuration.invalid', { detail });
  }
}
