/** A titled part of the body. */
import type { Section } from '#core';
import type { Area } from './area.ts';
import { stackBlocks } from './blocks.ts';
import { gap, heightOf, type Strip } from './flow.ts';
import { RULE, STYLES } from './theme.ts';

/** A section that is shorter than this share of a page is never cut */
const SHORT = 0.22;

/** Heading, rule, blocks; the heading never stands last on a page. */
export function sectionStrips(section: Section, area: Area): Strip[] {
  const { canvas, x, width } = area;
  const tag = area.tag.child('Sect');
  const heading = tag.child('H2');
  const lines = canvas.lines(section.title, width, STYLES.heading);
  const line = canvas.lineHeight(STYLES.heading);
  const head: Strip = {
    height: lines.length * line + 7,
    keep: true,
    draw: (y) => {
      heading.content(() => canvas.stack(lines, x, y, STYLES.heading));
      canvas.artifact(() => canvas.rule(x, y + lines.length * line + 2, width, RULE, 0.8));
    },
  };
  const body = stackBlocks(section.blocks, { ...area, tag }, 6);
  const whole = heightOf(body) < area.tallest * SHORT;
  return [
    gap(10),
    head,
    ...body.map((strip, index) => (whole && index < body.length - 1 ? { ...strip, keep: true } : strip)),
  ];
}
