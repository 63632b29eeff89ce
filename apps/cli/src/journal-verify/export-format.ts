/**
 * A journal export: NDJSON, each line canonical text (RFC 8785), each ended by LF.
 *
 *   {"jwks":{"keys":[…]},"type":"export"}                          once, first: public signing keys, P-256, kid = thumbprint
 *   {"body":"…","hash":"…","index":0,"seal":7,"type":"entry"}       entries of a seal, in index order, which is that of their ids
 *   {"jws":"…","n":7,"type":"seal"}                                 then the seal; the last line is one, made for the export
 *
 * A seal whose entries were purged stands alone; an entry `journal.purged` of a later seal, with `details` { fromSeal,
 * toSeal, … }, says so.
 *
 * `body` is the entry's exact text, `hash` its RFC 6962 leaf hash. The seal's claims are { n, at, size, root, prev }.
 */
export interface ExportLine {
  type: 'export';
  jwks: { keys: Record<string, unknown>[] };
}

export interface EntryLine {
  type: 'entry';
  seal: number;
  index: number;
  body: string;
  hash: string;
}

export interface SealLine {
  type: 'seal';
  n: number;
  jws: string;
}

const MEMBERS = {
  export: { jwks: 'object', type: 'string' },
  entry: { body: 'string', hash: 'string', index: 'number', seal: 'number', type: 'string' },
  seal: { jws: 'string', n: 'number', type: 'string' },
} as const;

/** @returns undefined when a line has other members than its type allows */
export function readLine(value: unknown): ExportLine | EntryLine | SealLine | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const members = MEMBERS[value.type as keyof typeof MEMBERS];
  if (members === undefined || Object.keys(value).sort().join() !== Object.keys(members).join())
    return undefined;
  const right = Object.entries(members).every(
    ([name, type]) => typeof value[name as keyof typeof value] === type,
  );
  return right ? (value as ExportLine | EntryLine | SealLine) : undefined;
}
