import { textAt } from '../content/pointer.ts';
import type { Finding } from '../errors.ts';
import { missingAt } from './missing.ts';

/** Who objected was taken out before anything else was done: which list, applied when. */
export function oppositionList(json: unknown, at: string): Finding[] {
  return missingAt(
    ['appliedAt', 'listVersion'].map((name) => `${at}/${name}`).filter((pointer) => !textAt(json, pointer)),
    'gate.opposition-list-missing',
    'La liste d’opposition doit avoir été appliquée avant l’export (date, version).',
  );
}
