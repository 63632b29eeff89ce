/** Each kind of block of a DocumentModel, laid out in strips. */
import type { Block } from '#core';
import type { Area } from './area.ts';
import { gap, pieces, type Strip } from './flow.ts';
import { tableStrips } from './table.ts';
import { INK, RULE, STYLES, type Style, WASH } from './theme.ts';

type Facts = Extract<Block, { kind: 'facts' }>;
type List = Extract<Block, { kind: 'list' }>;
type Notice = Extract<Block, { kind: 'notice' }>;

export function blockStrips(block: Block, area: Area): Strip[] {
  switch (block.kind) {
    case 'facts':
      return factStrips(block, area);
    case 'table':
      return block.rows.length === 0 ? textStrips(block.empty, STYLES.quiet, area) : tableStrips(block, area);
    case 'list':
      return block.items.length === 0 ? textStrips(block.empty, STYLES.quiet, area) : listStrips(block, area);
    case 'text':
      return textStrips(block.text, STYLES.body, area);
    case 'notice':
      return noticeStrips(block, area);
  }
}

/** The blocks of a section, one under the other. */
export function stackBlocks(blocks: readonly Block[], area: Area, between: number): Strip[] {
  return blocks.flatMap((block, index) => [
    ...(index === 0 ? [] : [gap(between)]),
    ...blockStrips(block, area),
  ]);
}

/** A line a strip; neither the first nor the last line of a paragraph stands alone on a page. */
function textStrips(text: string, style: Style, area: Area): Strip[] {
  const { canvas, x, width } = area;
  const tag = area.tag.child('P');
  const height = canvas.lineHeight(style);
  const lines = canvas.lines(text, width, style);
  return lines.map((line, index) => ({
    height,
    keep: lines.length > 1 && (index === 0 || index === lines.length - 2),
    draw: (y) => tag.content(() => canvas.line(line, x, y, style)),
  }));
}

/** Label on the left, value on the right: a list of labelled items for a screen reader. */
function factStrips(block: Facts, area: Area): Strip[] {
  const { canvas, x, width } = area;
  const list = area.tag.child('L');
  const widest = Math.max(0, ...block.rows.map(({ label }) => canvas.width(label, STYLES.label)));
  const labelWidth = Math.min(widest + 10, width * 0.4);
  return block.rows.flatMap(({ label, value, strong }) => {
    const style = strong === true ? STYLES.big : STYLES.body;
    const item = list.child('LI');
    return sideBySide(area, [
      { tag: item.child('Lbl'), x, style: STYLES.label, text: label, width: labelWidth - 6 },
      { tag: item.child('LBody'), x: x + labelWidth, style, text: value || '—', width: width - labelWidth },
    ]);
  });
}

function listStrips(block: List, area: Area): Strip[] {
  const { x, width } = area;
  const list = area.tag.child('L');
  return block.items.flatMap((text) => {
    const item = list.child('LI');
    return sideBySide(area, [
      { tag: item.child('Lbl'), x: x + 2, style: STYLES.body, text: '•', width: 9 },
      { tag: item.child('LBody'), x: x + 12, style: STYLES.body, text, width: width - 12 },
    ]);
  });
}

/** Texts that begin on the same line, cut in pieces when they are taller than a page. */
function sideBySide(
  area: Area,
  texts: readonly { tag: Area['tag']; x: number; style: Style; text: string; width: number }[],
): Strip[] {
  const { canvas } = area;
  const height = Math.max(...texts.map(({ style }) => canvas.lineHeight(style)));
  const columns = texts.map((column) => ({
    ...column,
    lines: canvas.lines(column.text, column.width, column.style),
  }));
  const longest = Math.max(1, ...columns.map(({ lines }) => lines.length));
  return pieces(longest, Math.floor((area.tallest - 2) / height)).map(({ from, to }) => {
    return {
      height: (to - from) * height + (to === longest ? 2 : 0),
      draw: (y: number) => {
        for (const { tag, x, style, lines } of columns) {
          const part = lines.slice(from, to);
          const drop = (height - canvas.lineHeight(style)) * 0.8;
          if (part.length > 0)
            tag.content(() => {
              for (const [index, line] of part.entries())
                canvas.line(line, x, y + drop + index * height, style);
            });
        }
      },
    };
  });
}

/** Framed; a warning also says so in words and has a thick bar, for a printer without colour. */
function noticeStrips(block: Notice, area: Area): Strip[] {
  const { canvas, x, width } = area;
  const warning = block.tone === 'warning';
  const style = warning ? STYLES.strong : STYLES.body;
  const tag = area.tag.child('P');
  const lines = canvas.lines(warning ? `⚠ Attention : ${block.text}` : block.text, width - 20, style);
  const line = canvas.lineHeight(style);
  return pieces(lines.length, Math.floor((area.tallest - 10) / line)).map(({ from, to }) => {
    const part = lines.slice(from, to);
    const height = part.length * line + 10;
    return {
      height,
      draw: (y: number) => {
        canvas.artifact(() => {
          canvas.box(x, y, width, height, { fill: WASH });
          canvas.box(x, y, warning ? 4 : 1.5, height, { fill: warning ? INK : RULE });
        });
        tag.content(() => canvas.stack(part, x + 12, y + 5, style));
      },
    };
  });
}
