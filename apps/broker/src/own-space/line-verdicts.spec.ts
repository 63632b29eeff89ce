import { describe, expect, it } from 'vitest';
import type { Finding } from '#core';
import { judgedLines, lineByLine } from './line-verdicts.ts';

const finding = (pointer: string): Finding => ({ pointer, code: 'c', detail: 'd' });

describe('a declaration, line by line', () => {
  it('has a verdict for each line, at its own pointers, and one place for what concerns them all', () => {
    const wrong = { lines: [{ n: 1 }, { n: 2 }, { n: 3 }] };
    const { lines, others } = lineByLine(wrong.lines, ([line]) => [
      finding('/declarant/name'),
      ...((line as { n: number }).n === 2 ? [finding('/lines/0/worker/sex'), finding('/lines/0')] : []),
    ]);
    expect(lines.map(({ line, findings }) => [line, findings.map(({ pointer }) => pointer)])).toEqual([
      [1, []],
      [2, ['/worker/sex', '']],
      [3, []],
    ]);
    expect(others).toEqual([finding('/declarant/name')]);
  });

  it('is told in words, also of a code that nobody wrote a word for', () => {
    const items = [
      { code: 'content.unreadable' },
      { line: 1, code: 'line.accepted' },
      { line: 2, code: 'new' },
    ];
    expect(judgedLines(items)).toEqual([
      { line: 1, accepted: true, code: 'line.accepted', says: 'Prise en compte.' },
      { line: 2, accepted: false, code: 'new', says: 'Non prise en compte.' },
    ]);
  });
});
