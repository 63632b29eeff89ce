import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Configuration } from '../../../../broker/src/config/environment.ts';
import { attention, type Check, erreur, failed, ok } from './check.ts';
import type { Examined } from './examined.ts';

const SUBJECT = 'dossier';

/** What is for the broker's own account, by its place in the home folder. */
const SECRET = /^keys\/|\.key$|^relais\.sqlite|^(partners|openid)\.json$|^clients\//;

/** The folder is there, writable, and nobody else's to change; secrets are readable by their owner only. */
export function homeChecks({ configuration, production }: Examined): Check[] {
  const { home } = configuration;
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return [
      failed(SUBJECT, error, 'créez-le pour le compte du courtier, ou lancez « relais demo » une fois'),
    ];
  }
  const mode = statSync(home).mode & 0o777;
  const shown = `mode ${mode.toString(8).padStart(4, '0')}`;
  const todo = `chmod 700 ${home}`;
  const others = secretsCheck(configuration);
  if ((mode & 0o022) !== 0)
    return [erreur(SUBJECT, `d’autres comptes peuvent y écrire (${shown})`, todo), others];
  if (production && (mode & 0o055) !== 0)
    return [attention(SUBJECT, `d’autres comptes peuvent le lire (${shown})`, todo), others];
  return [ok(SUBJECT, `accessible en écriture, ${shown}`), others];
}

function secretsCheck({ home, partnersFile, openid, tls }: Configuration): Check {
  const found = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => SECRET.test(relative(home, path)));
  const named = [partnersFile, openid.registrations, tls.key, tls.clientKey].filter((path) =>
    existsSync(path),
  );
  const files = [...new Set([...found, ...named])];
  const open = files.filter((path) => (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0) return ok('secrets', `${files.length} fichiers lisibles par leur seul compte`);
  const first = open.slice(0, 3).map((path) => relative(home, path));
  const more = open.length > first.length ? ` et ${open.length - first.length} autres` : '';
  return erreur('secrets', `accessibles à d’autres comptes : ${first.join(', ')}${more}`, 'chmod go-rwx');
}
