import { existsSync, readFileSync } from 'node:fs';
import { Keyring } from '#protection';
import { type Check, erreur, failed, ok } from './check.ts';
import type { Examined } from './examined.ts';

const SUBJECT = 'clé de chiffrement (KEK)';

/** It is there, it opens what the database still holds, and in production it does not lie beside it. */
export function kekChecks({ configuration, production, store }: Examined): Check[] {
  const { value, file } = configuration.kek;
  const beside = existsSync(file);
  const needed = store?.kekIds ?? [];
  const misplaced =
    production && beside
      ? [erreur(SUBJECT, `à côté des données (${file})`, 'donnez RELAIS_KEK et retirez le fichier')]
      : [];
  if (value === undefined && !beside) return [absent(needed.length > 0, production)];
  try {
    const ring = Keyring.fromText(value?.reveal() ?? readFileSync(file, 'utf8'));
    const missing = needed.filter((id) => ring.find(id) === undefined);
    const where = value === undefined ? `fichier ${file}` : 'donnée par RELAIS_KEK';
    if (missing.length === 0)
      return misplaced.length > 0 ? misplaced : [ok(SUBJECT, `${where}${olderKeys(ring, needed)}`)];
    const says = `${missing.length} clé(s) manquent à des messages en cours`;
    return [...misplaced, erreur(SUBJECT, says, 'ajoutez-les après la plus récente')];
  } catch (error) {
    return [...misplaced, failed(SUBJECT, error, 'remettez la clé d’origine')];
  }
}

/** Which of the older keys may be retired. */
function olderKeys({ ids }: Keyring, needed: readonly string[]): string {
  const older = ids.slice(1);
  if (older.length === 0) return '';
  const used = older.filter((id) => needed.includes(id));
  const retirable = older.filter((id) => !needed.includes(id));
  return [
    ...(used.length === 0
      ? []
      : [` ; anciennes encore nécessaires : ${used.join(', ')} (relais keys rewrap)`]),
    ...(retirable.length === 0 ? [] : [` ; à retirer : ${retirable.join(', ')}`]),
  ].join('');
}

function absent(needed: boolean, production: boolean): Check {
  if (needed)
    return erreur(SUBJECT, 'absente, et des messages en ont besoin', 'remettez-la avant de démarrer');
  if (production)
    return erreur(SUBJECT, 'absente, le démarrage en ferait une à côté des données', 'donnez RELAIS_KEK');
  return ok(SUBJECT, 'pas encore là, le premier démarrage la fait');
}
