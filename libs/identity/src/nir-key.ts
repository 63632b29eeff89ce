/**
 * Key of a matricule, NIR or NIA: 97 − (13 digits mod 97), Corsica's 2A counted as 19 and 2B as 18.
 * Always from text: the leading characters carry meaning and the letters have two cases.
 */

const MATRICULE = /^\d{5}(\d\d|2[AB])\d{6}$/;

/** Two digits, or undefined when `value` is no matricule of 13 characters. */
export function nirKey(value: string): string | undefined {
  const matricule = value.toUpperCase();
  if (!MATRICULE.test(matricule)) return undefined;
  const digits = matricule.replace('2A', '19').replace('2B', '18');
  return String(97n - (BigInt(digits) % 97n)).padStart(2, '0');
}
