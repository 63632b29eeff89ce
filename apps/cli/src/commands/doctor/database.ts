import type { StoreInspection } from '#storage';
import { attention, type Check, erreur, ok } from './check.ts';

const SUBJECT = 'base';

/** It is whole, and its schema is of this version. */
export function databaseCheck(store: StoreInspection | undefined): Check {
  if (store === undefined) return ok(SUBJECT, 'pas encore là, le premier démarrage la fait');
  const { damage, unknown, pending } = store;
  if (damage.length > 0)
    return erreur(SUBJECT, `endommagée (${damage[0]})`, 'arrêtez le courtier, restaurez une copie');
  if (unknown.length > 0)
    return erreur(SUBJECT, `écrite par une version plus récente (${unknown.join(', ')})`, 'installez-la');
  if (pending.length > 0)
    return attention(
      SUBJECT,
      `migrations à venir : ${pending.join(', ')}`,
      'copiez-la, puis « relais migrate »',
    );
  return ok(SUBJECT, 'intègre, schéma à jour');
}
