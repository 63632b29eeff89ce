/** Header fields as they stand, told apart by name: what decides is never a decoded or repaired value. */
import addressparser from 'nodemailer/lib/addressparser';

export type HeaderLines = readonly { key: string; line: string }[];

/** Values of a field, unfolded, in the order of the mail. */
export function valuesOf(lines: HeaderLines, name: string): string[] {
  return lines
    .filter(({ key }) => key === name)
    .map(({ line }) =>
      line
        .slice(line.indexOf(':') + 1)
        .replace(/\r?\n(?=[ \t])/g, '')
        .trim(),
    );
}

/** The one value of a field that may stand once; undefined when it is absent or repeated. */
export function oneValue(lines: HeaderLines, name: string): string | undefined {
  const values = valuesOf(lines, name);
  return values.length === 1 ? values[0] : undefined;
}

/** The one mailbox that a field names, its domain in lower case: not a list, not a group, no encoded word. */
export function oneAddress(value: string | undefined): string | undefined {
  if (value === undefined || value.length > LONGEST) return undefined;
  const addresses = addressparser(value);
  const [only] = addresses;
  if (addresses.length !== 1 || only === undefined || !('address' in only)) return undefined;
  return mailbox(only.address ?? '');
}

/** `local@Domain` → `local@domain`; undefined when it is not a plain mailbox. */
export function mailbox(address: string): string | undefined {
  const parts = /^([^@\s<>"(),:;=?\\]{1,64})@([A-Za-z0-9.-]{1,253})$/.exec(address);
  return parts === null ? undefined : `${parts[1]}@${(parts[2] as string).toLowerCase()}`;
}

/** `<id>` texts in a field, at most so many. */
export function idsIn(value: string): string[] {
  return [...value.slice(0, LONGEST_LIST).matchAll(/<([^<>\s]{1,250})>/g)].map(([, id]) => id as string);
}

const LONGEST = 1_000;
const LONGEST_LIST = 16_384;
