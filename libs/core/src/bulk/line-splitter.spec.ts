import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

/** Lines of a text that comes in pieces of these sizes; each piece is wiped once its lines are taken. */
function split(text: string, sizes: readonly number[], maxBytes = 1_000) {
  const splitter = new LineSplitter(maxBytes);
  const bytes = Buffer.from(text);
  const lines: { n: number; text: string | undefined }[] = [];
  const take = (n: number, one: Uint8Array | undefined) =>
    lines.push({ n, text: one === undefined ? undefined : Buffer.from(one).toString() });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    const piece = Buffer.from(bytes.subarray(at, at + size));
    for (const line of splitter.push(piece)) take(line.n, line.bytes);
    piece.fill(0);
    at += size;
  }
  for (const line of splitter.end()) take(line.n, line.bytes);
  return lines;
}

describe('lines', () => {
  it('are the same however the text is cut', () => {
    const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 20 });
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(text, sizes, (rows, cuts) => {
        const whole = rows.join('\n');
        const expected = whole
          .split('\n')
          .map((row, i) => ({ n: i + 1, text: row }))
          .filter((row) => !/^[ \t\r]*$/.test(row.text));
        expect(split(whole, cuts)).toEqual(expected);
      }),
    );
  });

  it('that are blank count, and are left out', () => {
    expect(split('a\n\n \t\r\nb\n', [3])).toEqual([
      { n: 1, text: 'a' },
      { n: 4, text: 'b' },
    ]);
  });

  it('that are too long are told, not kept, and the next one is read', () => {
    const long = 'x'.repeat(1_001);
    expect(split(`a\n${long}\nb`, [64])).toEqual([
      { n: 1, text: 'a' },
      { n: 2, text: undefined },
      { n: 3, text: 'b' },
    ]);
    expect(split('x'.repeat(1_000), [7])).toHaveLength(1);
  });
});
