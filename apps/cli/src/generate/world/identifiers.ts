/** Numbers that check like true ones and belong to nobody. */
import { type Ins, insKey } from '#core';

/** OID of the NIR of test environments. */
const TEST_NIR = '1.2.250.1.213.1.4.10';

/** Appends the digit that makes the Luhn sum a multiple of ten. */
export function withLuhn(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** SIREN of the range 990, of which 100 000 exist. */
export function siren(serial: number): string {
  return withLuhn(`990${String(serial % 100_000).padStart(5, '0')}`);
}

/** @param establishment number of the establishment in its company, 1 to 999 */
export function siret(company: string, establishment: number): string {
  return withLuhn(`${company}${String(establishment).padStart(4, '0')}`);
}

/** RPPS of the range 1999 (not known to be given to anybody), with the Luhn digit that real ones carry. */
export function rpps(serial: number): string {
  return withLuhn(`1999${String(serial % 1_000_000).padStart(6, '0')}`);
}

/** Departments of birth; Corsica in one, that those born before 1976 write 20. */
const DEPARTMENTS = [
  ...Array.from({ length: 19 }, (_, n) => String(n + 1).padStart(2, '0')),
  '2A',
  ...Array.from({ length: 75 }, (_, n) => String(n + 21)),
];
const PLACES = DEPARTMENTS.length * 10 * 999;

/** Matricule and birth place in an invented commune (990 to 999): nobody bears it. */
export interface Matricule {
  ins: Ins;
  /** official code of the commune, as in the matricule */
  birthPlace: string;
}

/** Place and order are a permutation of the serial: two of the first 949 050 never share a matricule. */
export function matricule(serial: number, sex: 'M' | 'F', birthDate: string): Matricule {
  const slot = (serial * 386_371 + 104_729) % PLACES;
  const order = String((slot % 999) + 1).padStart(3, '0');
  const commune = 990 + (Math.floor(slot / 999) % 10);
  const named = DEPARTMENTS[Math.floor(slot / 9_990)] as string;
  const department = named === '2A' && birthDate < '1976' ? '20' : named;
  const value = `${sex === 'M' ? 1 : 2}${birthDate.slice(2, 4)}${birthDate.slice(5, 7)}${department}${commune}${order}`;
  const key = insKey(value);
  if (key === undefined) throw new RangeError('a matricule of the wrong shape was made');
  return { ins: { value, key, oid: TEST_NIR }, birthPlace: `${department}${commune}` };
}
