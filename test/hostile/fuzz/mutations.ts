/** Bytes near to good ones: a few changes, each at a place told as a fraction so that a failing case shrinks well. */
import fc from 'fast-check';
import type { Parser } from './parser.ts';

type Change = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const length = fc.oneof({ weight: 3, arbitrary: fc.nat(8) }, fc.nat(400));

function changeOf({ samples, words }: Parser): fc.Arbitrary<Change> {
  const word = fc.constantFrom(...words).map((text) => Buffer.from(text));
  const random = fc.uint8Array({ maxLength: 20 });
  const span = fc.tuple(place, length);
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(place, fc.nat(255)).map(([at, byte]) => put(at, 1, Buffer.of(byte))) },
    { weight: 2, arbitrary: span.map(([at, size]) => put(at, size, Buffer.alloc(0))) },
    { weight: 4, arbitrary: fc.tuple(place, word).map(([at, text]) => put(at, 0, text)) },
    { weight: 3, arbitrary: fc.tuple(place, word).map(([at, text]) => putBehind(at, text)) },
    { weight: 2, arbitrary: fc.tuple(span, word).map(([[at, size], text]) => put(at, size, text)) },
    { weight: 2, arbitrary: fc.tuple(span, random).map(([[at, size], text]) => put(at, size, text)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(span, place, fc.integer({ min: 1, max: 40 }))
        .map(([from, to, times]) => copy(from, to, times)),
    },
    {
      weight: 1,
      arbitrary: place.map(
        (at): Change =>
          (bytes) =>
            bytes.subarray(0, index(bytes, at)),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), span, place)
        .map(([other, [from, size], to]) =>
          put(to, 0, other.subarray(index(other, from), index(other, from) + size)),
        ),
    },
  );
}

function put(at: number, size: number, text: Uint8Array): Change {
  return (bytes) => {
    const start = index(bytes, at);
    return Buffer.concat([bytes.subarray(0, start), text, bytes.subarray(start + size)]);
  };
}

/** Behind the next `>`, where an element may stand. */
function putBehind(at: number, text: Uint8Array): Change {
  return (bytes) => {
    const end = bytes.indexOf(0x3e, index(bytes, at)) + 1;
    return Buffer.concat([bytes.subarray(0, end), text, bytes.subarray(end)]);
  };
}

function copy([from, size]: [number, number], to: number, times: number): Change {
  return (bytes) => {
    const piece = Buffer.from(bytes.subarray(index(bytes, from), index(bytes, from) + size));
    return put(to, 0, Buffer.concat(Array.from({ length: times }, () => piece)))(bytes);
  };
}

function index(bytes: Uint8Array, at: number): number {
  return Math.floor(bytes.byteLength * at);
}

/** One in eight has nothing to do with a good one. */
export function hostileBytes(parser: Parser): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(fc.constantFrom(...parser.samples), fc.array(changeOf(parser), { minLength: 1, maxLength: 6 }))
    .map(([sample, changes]) => changes.reduce((bytes, change) => change(bytes), sample));
  const words = fc
    .array(fc.constantFrom(...parser.words), { maxLength: 12 })
    .map((all) => new Uint8Array(Buffer.from(all.join(''))));
  return fc.oneof(
    { weight: 14, arbitrary: changed },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 3_000 }) },
    { weight: 1, arbitrary: words },
  );
}
