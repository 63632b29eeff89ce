import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const codeOf = (bytes: Uint8Array) => {
  try {
    parseJson(bytes);
    return 'good';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('JSON content', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is at most 64 deep, and is not parsed to find that out', () => {
    const deep = (depth: number) => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(codeOf(deep(64))).toBe('good');
    expect(codeOf(deep(65))).toBe('event.too-deep');
    const before = performance.now();
    expect(codeOf(Buffer.from('[{"a":'.repeat(5_000_000)))).toBe('event.too-deep');
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('may hold any bracket in its texts', () => {
    for (const text of ['['.repeat(100), '\\"['.repeat(100), '\\\\', '"'.repeat(100), '\\u005b'.repeat(100)])
      expect(parseJson(Buffer.from(JSON.stringify({ text })))).toEqual({ text });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half of it', Buffer.from('{"a":')],
    ['two values', Buffer.from('{}{}')],
    ['a byte that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['a comment', Buffer.from('{} // fin')],
  ])('that is %s is refused without quoting it', (_, bytes) => {
    expect(() => parseJson(bytes)).toThrow(
      expect.objectContaining({
        code: 'content.invalid',
        findings: [{ pointer: '', code: 'json.syntax', detail: 'Le contenu n’est pas du JSON en UTF-8.' }],
      }),
    );
  });

  it('never ends in anything but a value or one of two codes, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['good', 'content.invalid', 'event.too-deep']).toContain(codeOf(bytes));
      }),
    );
  });

  it('gives no object another prototype', () => {
    const json = parseJson(Buffer.from('{"__proto__":{"admin":true}}')) as { admin?: boolean };
    expect(json.admin).toBeUndefined();
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
  });
});
