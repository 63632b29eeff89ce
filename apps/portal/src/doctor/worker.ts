/** The worker as the form holds it, before it is sent. Kept in memory only. */
import type { ScannedIdentity } from '../api/schemas.ts';
import { isDay } from '../ui/dates.ts';

export interface Worker {
  birthName: string;
  /** all of them, separated by spaces */
  firstNames: string;
  sex: '' | 'M' | 'F';
  /** AAAA-MM-JJ */
  birthDate: string;
  /** COG */
  birthPlace: string;
  ins?: ScannedIdentity['ins'];
}

export const NOBODY: Worker = { birthName: '', firstNames: '', sex: '', birthDate: '', birthPlace: '' };

export function scanned({ traits, ins }: ScannedIdentity): Worker {
  const { birthName, firstNames, sex, birthDate, birthPlace = '' } = traits;
  return {
    birthName,
    firstNames: firstNames.join(' '),
    sex: sex === 'I' ? '' : sex,
    birthDate,
    birthPlace,
    ins,
  };
}

export function isWhole({ birthName, firstNames, sex, birthDate }: Worker): boolean {
  return birthName.trim() !== '' && firstNames.trim() !== '' && sex !== '' && isDay(birthDate);
}

/** As the API takes it. */
export function traitsOf({ birthName, firstNames, sex, birthDate, birthPlace }: Worker): object {
  return {
    birthName: birthName.trim(),
    firstNames: firstNames.trim().split(/\s+/),
    sex,
    birthDate,
    ...(birthPlace.trim() === '' ? {} : { birthPlace: birthPlace.trim().toUpperCase() }),
  };
}
