import { describe, expect, it } from 'vitest';
import { csvHead, csvLine } from './csv.ts';

describe('a table for a spreadsheet', () => {
  it('begins with the mark of UTF-8 and the names of its columns', () => {
    expect(csvHead(['Date', 'Qui'])).toBe('\ufeffDate;Qui\r\n');
  });

  it('quotes what would be read as its own punctuation', () => {
    expect(csvLine(['a;b', 'say "no"', 'two\nlines', undefined, 'plain'])).toBe(
      '"a;b";"say ""no""";"two\nlines";;plain\r\n',
    );
  });

  it.each(['=1+1', '+33', '-2', '@SUM(A1)', '\t=1', '\r=1'])('makes a text of %j', (value) => {
    expect(csvLine([value])).toMatch(/^"?'/);
  });
});
