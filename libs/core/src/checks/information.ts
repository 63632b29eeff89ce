import { textAt } from '../content/pointer.ts';
import type { Finding } from '../errors.ts';
import { missingAt } from './missing.ts';

/** The person was informed, when and by whom it was recorded. */
export function information(json: unknown, at: string): Finding[] {
  return missingAt(
    ['informedAt', 'recordedBy'].map((name) => `${at}/${name}`).filter((pointer) => !textAt(json, pointer)),
    'gate.information-missing',
    'L’information de la personne doit être enregistrée (date, auteur) avant tout envoi.',
  );
}
