/** What a physician reads in ten seconds: framed cards, two by two, under the identity strip. */
import type { Section } from '#core';
import type { Area } from './area.ts';
import { stackBlocks } from './blocks.ts';
import { gap, heightOf, type Strip } from './flow.ts';
import { sectionStrips } from './section.ts';
import type { Tag } from './tag.ts';
import { INK, STYLES } from './theme.ts';

const PAD = 8;
const GUTTER = 8;

interface Card {
  title: string;
  section: Tag;
  heading: Tag;
  x: number;
  width: number;
  inside: Strip[];
  height: number;
}

/** Cards of a row have one height and are read left to right; a table takes the whole width. */
export function essentialStrips(sections: readonly Section[], area: Area): Strip[] {
  return rowsOf(sections).flatMap((row) => {
    const width = (area.width - GUTTER * (row.length - 1)) / row.length;
    const cards = row.map((section, index) =>
      cardOf(section, { ...area, x: area.x + index * (width + GUTTER), width }),
    );
    const height = Math.max(...cards.map((card) => card.height));
    // a card that no page can hold is laid out as an ordinary section, which pages may cut
    if (height > area.tallest * 0.8) return row.flatMap((section) => sectionStrips(section, area));
    return [
      {
        height,
        draw: (y: number) => {
          area.canvas.artifact(() => {
            for (const card of cards)
              area.canvas.box(card.x, y, card.width, height, { stroke: INK, line: 0.7 });
          });
          for (const card of cards) drawCard(card, area, y);
        },
      },
      gap(GUTTER),
    ];
  });
}

function rowsOf(sections: readonly Section[]): Section[][] {
  const rows: Section[][] = [];
  for (const section of sections) {
    const last = rows.at(-1);
    if (last?.length === 1 && !isWide(last[0]) && !isWide(section)) last.push(section);
    else rows.push([section]);
  }
  return rows;
}

const isWide = (section: Section | undefined): boolean =>
  section?.blocks.some(({ kind }) => kind === 'table') === true;

function cardOf(section: Section, area: Area): Card {
  const tag = area.tag.child('Sect');
  const heading = tag.child('H2');
  const inner = { ...area, tag, x: area.x + PAD, width: area.width - 2 * PAD };
  const inside = stackBlocks(section.blocks, inner, 5);
  const title = area.canvas.lineHeight(STYLES.card) * titleLines(section, inner).length;
  return {
    title: section.title,
    section: tag,
    heading,
    x: area.x,
    width: area.width,
    inside,
    height: 2 * PAD + title + 3 + heightOf(inside),
  };
}

const titleLines = (section: { title: string }, inner: { canvas: Area['canvas']; width: number }): string[] =>
  inner.canvas.lines(section.title.toLocaleUpperCase('fr'), inner.width, STYLES.card);

function drawCard(card: Card, { canvas }: Area, y: number): void {
  const lines = titleLines(card, { canvas, width: card.width - 2 * PAD });
  card.heading.content(() => canvas.stack(lines, card.x + PAD, y + PAD, STYLES.card));
  let top = y + PAD + lines.length * canvas.lineHeight(STYLES.card) + 3;
  for (const strip of card.inside) {
    strip.draw(top);
    top += strip.height;
  }
}
