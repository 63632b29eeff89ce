/** HL7 v2.5 data types that XDS metadata borrow: CX, XCN, XON, XPN in one line of text. */
import type { ReadAuthor, ReadCda, ReadPatient } from '#core';
import type { CdaId } from '#core/cda-document';
import { isIns } from '../cda/read-patient.ts';
import { IDENTIFIER_KINDS } from './mapping.ts';
import { oidOf } from './oid.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
};
const MEANINGS = Object.fromEntries(Object.entries(ESCAPES).map(([sign, sequence]) => [sequence, sign]));

export function escaped(text: string): string {
  return text.replace(/[\\|^~&]/g, (sign) => ESCAPES[sign] ?? sign).replace(/[\r\n\t]+/g, ' ');
}

export function unescaped(text: string): string {
  return text.replace(/\\[EFSRT]\\/g, (sequence) => MEANINGS[sequence] ?? sequence);
}

/** `<id>^^^&<OID>&ISO^<kind>` */
export function cx(id: CdaId): string {
  const { root, extension = '' } = id;
  const kind = isIns(id) ? IDENTIFIER_KINDS.ins : IDENTIFIER_KINDS.local;
  return `${escaped(extension)}^^^&${oidOf(root)}&ISO^${kind}`;
}

/** What a CX names; undefined when its authority is no OID. Some leave out that it is one. */
export function fromCx(text: string): CdaId | undefined {
  const [value = '', , , authority = ''] = text.split('^');
  const [, root = '', kind = ''] = authority.split('&').map((part) => part.trim());
  const extension = unescaped(value.trim());
  if (extension === '' || !/^[0-2](\.\d+)+$/.test(root) || !['ISO', ''].includes(kind)) return undefined;
  return { root, extension };
}

export function xcn({
  ids,
  family,
  given,
  device,
}: Pick<ReadAuthor, 'ids' | 'family' | 'given' | 'device'>): string {
  const { root, extension = '' } = ids[0] ?? { root: '' };
  const kinds = IDENTIFIER_KINDS;
  const kind = device ? kinds.device : extension.includes('/') ? kinds.internal : kinds.professional;
  const nameKind = device ? 'U' : 'D';
  const names = `${escaped(family)}^${escaped(given.join(' '))}`;
  return `${escaped(extension)}^${names}^^^^^^&${oidOf(root)}&ISO^${nameKind}^^^${kind}`;
}

export function xon({ id, name = '' }: ReadCda['organization']): string | undefined {
  if (id?.extension === undefined) return name === '' ? undefined : escaped(name);
  const authority = `&${oidOf(id.root)}&ISO^${IDENTIFIER_KINDS.structure}`;
  return `${escaped(name)}^^^^^${authority}^^^${escaped(id.extension)}`;
}

/** sourcePatientInfo: PID-5 of birth with every given name third, PID-5 in use, PID-7, PID-8. */
export function pidLines({
  birthName,
  firstName,
  firstNames,
  usedName,
  birthDate,
  sex,
}: ReadPatient): string[] {
  const name = (family = '', first = '', all = '', kind = '') =>
    `PID-5|${escaped(family)}^${escaped(first)}^${escaped(all)}^^^^${kind}`;
  return [
    ...(birthName === undefined ? [] : [name(birthName, firstName ?? firstNames, firstNames, 'L')]),
    ...(usedName === undefined ? [] : [name(usedName, firstName ?? firstNames, '', 'D')]),
    ...(birthDate === undefined ? [] : [`PID-7|${birthDate.replaceAll('-', '')}`]),
    ...(sex === undefined ? [] : [`PID-8|${sex === 'I' ? 'U' : sex}`]),
  ];
}

/** What such lines tell; a name that says no kind is taken for that of birth. */
export function fromPidLines(lines: readonly string[]): Omit<ReadPatient, 'ids'> {
  const fields = lines.map(
    (line) => [line.slice(0, line.indexOf('|')), line.slice(line.indexOf('|') + 1)] as const,
  );
  const names = fields
    .filter(([field]) => field === 'PID-5')
    .flatMap(([, value]) => value.split('~'))
    .map((name) => name.split('^').map((part) => unescaped(part).trim()));
  const birth = names.find((name) => name[6] === 'L') ?? names.find((name) => (name[6] ?? '') === '');
  const used = names.find((name) => name[6] === 'D');
  const day = /^(\d{4})(\d{2})(\d{2})/.exec(fields.find(([field]) => field === 'PID-7')?.[1] ?? '');
  const sex = fields.find(([field]) => field === 'PID-8')?.[1];
  return {
    ...(birth?.[0] ? { birthName: birth[0] } : {}),
    ...(birth?.[1] ? { firstName: birth[1] } : {}),
    ...(birth?.[2] ? { firstNames: birth[2] } : {}),
    ...(used?.[0] ? { usedName: used[0] } : {}),
    ...(day === null ? {} : { birthDate: day.slice(1).join('-') }),
    ...(sex === 'M' || sex === 'F' ? { sex } : sex === undefined ? {} : { sex: 'I' as const }),
  };
}

/** DTM of XDS: UTC, no zone written, as precise as the TS was; a day stays a day. */
export function utc(ts: string): string | undefined {
  const parts = /^(\d{4,8})$|^(\d{8})(\d{2})(\d{2})?(\d{2})?(?:\.\d+)?([+-]\d{4})?$/.exec(ts);
  if (parts === null) return undefined;
  const [, day, date = '', hour = '', minute = '00', second, zone] = parts;
  if (day !== undefined) return day;
  if (zone === undefined) return ts.replace(/\.\d+$/, '');
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:${minute}:${second ?? '00'}`;
  const instant = new Date(`${iso}${zone.slice(0, 3)}:${zone.slice(3)}`);
  if (Number.isNaN(instant.getTime())) return undefined;
  const digits = instant.toISOString().replace(/\D/g, '');
  return digits.slice(0, second === undefined ? 12 : 14);
}
