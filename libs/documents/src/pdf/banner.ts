/** Title and, right under it, who may read: seen before the first fact. */
import type { DocumentModel } from '#core';
import type { Area } from './area.ts';
import type { Strip } from './flow.ts';
import { AUDIENCES, instant } from './french.ts';
import { INK, MUTED, PAPER, STYLES, type Style } from './theme.ts';

const PAD = 6;

export function titleStrip(model: DocumentModel, area: Area): Strip {
  const { canvas, x, width } = area;
  const tag = area.tag.child('H1');
  const when = area.tag.child('P');
  const lines = canvas.lines(model.title, width, STYLES.title);
  const line = canvas.lineHeight(STYLES.title);
  const height = lines.length * line;
  return {
    height: height + canvas.lineHeight(STYLES.label) + 5,
    keep: true,
    draw: (y) => {
      tag.content(() => canvas.stack(lines, x, y, STYLES.title));
      when.content(() => canvas.line(`Établi le ${instant(model.date)}`, x, y + height, STYLES.label));
    },
  };
}

/** Part A: black on white. Whole record: white on black. Told apart on any printer, and by their words. */
export function audienceStrip(model: DocumentModel, area: Area): Strip {
  const { canvas, x, width } = area;
  const whole = model.audience === 'AH';
  const loud: Style = { font: 'bold', size: 9.5, color: whole ? PAPER : INK };
  const soft: Style = { font: 'regular', size: 8, color: whole ? PAPER : MUTED };
  const first = area.tag.child('P');
  const second = area.tag.child('P');
  const title = canvas.lines(AUDIENCES[model.audience].long, width - 20, loud);
  const readers = canvas.lines(`Lecture : ${model.readers}`, width - 20, soft);
  const titleHeight = title.length * canvas.lineHeight(loud);
  const height = titleHeight + readers.length * canvas.lineHeight(soft) + 2 * PAD;
  return {
    height,
    draw: (y) => {
      canvas.artifact(() =>
        canvas.box(x, y, width, height, whole ? { fill: INK } : { fill: PAPER, stroke: INK, line: 1.6 }),
      );
      first.content(() => canvas.stack(title, x + 10, y + PAD, loud));
      second.content(() => canvas.stack(readers, x + 10, y + PAD + titleHeight, soft));
    },
  };
}
