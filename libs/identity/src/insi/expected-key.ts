/** Key of a 13-character matricule: 97 − (number mod 97), 2A counted as 19 and 2B as 18; undefined when it has none. */
export function expectedKey(value: string): string | undefined {
  const digits = value
    .toUpperCase()
    .replace(/^(\d{5})2A/, '$119')
    .replace(/^(\d{5})2B/, '$118');
  if (!/^\d{13}$/.test(digits)) return undefined;
  return String(97n - (BigInt(digits) % 97n)).padStart(2, '0');
}
