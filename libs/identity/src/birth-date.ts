/** Birth dates: ISO 8601 days, with the replacement of unknown parts that the RNIV prescribes (EXI ID 11/12). */

export interface BirthDate {
  /** `YYYY-MM-DD`, the date that is asked and recorded */
  date: string;
  /** a part was unknown and replaced: the record must carry the mark */
  uncertain: boolean;
}

/** `1975`, `1975-03`, `1975-03-14`, and the EDTF forms of ISO 8601-2: `1975-XX-14`, `1975-03-XX`, `1975-XX-XX`. */
const SHAPE = /^(\d{4})(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?$/;

/**
 * Unknown day → the 1st; unknown month → the first month, with the known day; both → 31 December.
 * Undefined for what is no day of the calendar: lunar dates of billing (month 00, 20…) are no identity trait.
 */
export function completeBirthDate(text: string): BirthDate | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const year = match[1] as string;
  const [month, day] = [known(match[2]), known(match[3])];
  const date =
    month === undefined && day === undefined ? `${year}-12-31` : `${year}-${month ?? '01'}-${day ?? '01'}`;
  return isDay(date) ? { date, uncertain: month === undefined || day === undefined } : undefined;
}

/** A day that exists in the calendar, `YYYY-MM-DD`. */
export function isDay(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().slice(0, 10) === date;
}

function known(part: string | undefined): string | undefined {
  return part === 'XX' ? undefined : part;
}
