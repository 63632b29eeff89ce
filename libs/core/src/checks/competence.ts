import { textAt, valueAt } from '../content/pointer.ts';
import type { Finding } from '../errors.ts';
import { missingAt } from './missing.ts';

/** Who answers for it holds a role that may: a health professional of these roles, by RPPS number (eleven digits). */
export function competence(json: unknown, at: string, roles: readonly string[]): Finding[] {
  const absent = [
    ...(roles.includes(String(valueAt(json, `${at}/role`))) ? [] : [`${at}/role`]),
    ...(/^[0-9]{11}$/.test(textAt(json, `${at}/rpps`) ?? '') ? [] : [`${at}/rpps`]),
  ];
  return missingAt(
    absent,
    'gate.not-competent',
    'Le professionnel qui répond de cet envoi n’est pas habilité, ou son numéro RPPS manque.',
  );
}
