/** An export line by line as it arrives, so that a long journal is never whole in memory. */
import { readCanonical } from './canonical.ts';

export type Line =
  | { type: 'export'; jwks: Record<string, unknown> }
  | { type: 'entry'; seal: number; index: number; body: string; hash: string }
  | { type: 'seal'; n: number; jws: string };

const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  export: { jwks: 'object', type: 'string' },
  entry: { body: 'string', hash: 'string', index: 'number', seal: 'number', type: 'string' },
  seal: { jws: 'string', n: 'number', type: 'string' },
};
const LF = 10;

/** Text of each line, without its LF; undefined for one that is not UTF-8 or not ended. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      yield decoded(decoder, [...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield undefined;
}

/** @returns undefined when a line has other members than its type allows, or `false` where it could be written otherwise */
export function readLine(text: string): Line | undefined | false {
  const value = readCanonical(text);
  if (value === undefined) return false;
  const members = MEMBERS[String(value['type'])];
  if (members === undefined || Object.keys(value).sort().join() !== Object.keys(members).join())
    return undefined;
  const right = Object.entries(members).every(([name, type]) => typeof value[name] === type);
  return right ? (value as Line) : undefined;
}

function decoded(
  decoder: InstanceType<typeof TextDecoder>,
  pieces: readonly Uint8Array[],
): string | undefined {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
