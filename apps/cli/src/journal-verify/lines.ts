import { TextDecoder } from 'node:util';

export interface Line {
  /** from 1 */
  number: number;
  /** undefined when not UTF-8 or not ended by LF */
  text: string | undefined;
}

/** Lines ended by LF and nothing else: a carriage return is a byte like any other. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      number += 1;
      yield { number, text: decode(decoder, rest.subarray(start, end)) };
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield { number: number + 1, text: undefined };
}

function decode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
