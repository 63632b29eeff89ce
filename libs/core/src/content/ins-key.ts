/**
 * Key of a matricule INS: 97 − (13 digits mod 97), Corsica 2A → 19 and 2B → 18 at positions 6-7.
 * `undefined` when the value is not 13 characters of that shape. The result keeps its leading zero.
 */
export function insKey(value: string): string | undefined {
  const match = /^([0-9]{5})([0-9]{2}|2[AB])([0-9]{6})$/.exec(value);
  if (match === null) return undefined;
  const [, before, department, after] = match as unknown as [string, string, string, string];
  const digits = before + department.replace('2A', '19').replace('2B', '18') + after;
  return String(97 - Number(BigInt(digits) % 97n)).padStart(2, '0');
}
