/** A titled part of the body. */
import type { Section } from '#core';
import type { Area } from './area.ts';
import { stackBlocks } from './blocks.ts';
import { gap, type Strip } from './flow.ts';
import { RULE, STYLES } from './theme.ts';

/** Heading, rule, blocks; the heading never stands last on a page. */
export function sectionStrips(section: Section, area: Area, level: 'H2' | 'H3' = 'H2'): Strip[] {
  const { canvas, x, width } = area;
  const tag = area.tag.child('Sect');
  const heading = tag.child(level);
  const lines = canvas.lines(section.title, width, STYLES.heading);
  const line = canvas.lineHeight(STYLES.heading);
  const height = lines.length * line + 7;
  return [
    gap(10),
    {
      height,
      keep: true,
      draw: (y) => {
        if (level === 'H2') canvas.doc.outline.addItem(section.title);
        heading.content(() => canvas.stack(lines, x, y, STYLES.heading));
        canvas.artifact(() => canvas.rule(x, y + lines.length * line + 2, width, RULE, 0.8));
      },
    },
    ...stackBlocks(section.blocks, { ...area, tag }, 6),
  ];
}
