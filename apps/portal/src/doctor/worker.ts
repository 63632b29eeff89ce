/** The worker as the form holds it, before it is sent. Kept in memory only. */
import type { ScannedIdentity } from '../api/schemas.ts';

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
  return (
    birthName.trim() !== '' && firstNames.trim() !== '' && sex !== '' && /^\d{4}-\d{2}-\d{2}$/.test(birthDate)
  );
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

/** `31/12/1975` as people write it, or the form of the standard. */
export function dateOf(written: string): string {
  const [, day, month, year] = /^\s*(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})\s*$/.exec(written) ?? [];
  if (day === undefined || month === undefined) return written.trim();
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
