import { textAt, valueAt } from '../content/pointer.ts';
import type { Finding } from '../errors.ts';
import { missingAt } from './missing.ts';

/** Express consent: given, when, on what evidence, and for this purpose. Silence is not consent. */
export function consent(json: unknown, at: string, kind?: string): Finding[] {
  const absent = ['at', 'evidence']
    .map((name) => `${at}/${name}`)
    .filter((pointer) => !textAt(json, pointer));
  if (valueAt(json, `${at}/given`) !== true) absent.push(`${at}/given`);
  if (kind !== undefined && valueAt(json, `${at}/kind`) !== kind) absent.push(`${at}/kind`);
  return missingAt(
    absent,
    'gate.consent-missing',
    'L’accord exprès de la personne pour cet envoi doit être enregistré (date, preuve).',
  );
}
