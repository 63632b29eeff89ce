/**
 * Tables, drawn on pdfkit's text and tags. pdfkit's own `table` repeats no header row on the next page and
 * ends with an ellipsis what is taller than a page; a medical record may lose nothing.
 */
import type { Block } from '#core';
import type { Area } from './area.ts';
import { DocumentTooLong } from './document-too-long.ts';
import { pieces, type Strip } from './flow.ts';
import type { Tag } from './tag.ts';
import { ACCENT, RULE, STYLES, type Style, WASH } from './theme.ts';

type Table = Extract<Block, { kind: 'table' }>;

const PAD = 4;
const MAX_COLUMNS = 12;

interface Column {
  x: number;
  width: number;
}

/** Header row, then one strip per row: cut only when it is taller than a page. */
export function tableStrips(table: Table, area: Area): Strip[] {
  if (table.columns.length > MAX_COLUMNS) throw new DocumentTooLong('document.too-wide');
  const columns = spread(table, area);
  const tag = area.tag.child('Table');
  const head = tag.child('THead').child('TR');
  const body = tag.child('TBody');
  const header = new Row(
    area,
    columns,
    table.columns.map(({ title }) => title),
    STYLES.column,
  );
  const again = { height: header.height, draw: (y: number) => header.drawAll(y) };
  const rows = table.rows.flatMap((cells) => {
    const tr = body.child('TR');
    const tags = columns.map(() => tr.child('TD'));
    const row = new Row(
      area,
      columns,
      columns.map((_, index) => cells[index]?.trim() || '—'),
      STYLES.cell,
    );
    return row.strips(area.tallest - header.height, tags).map((strip) => ({ ...strip, again }));
  });
  return [
    {
      height: header.height,
      keep: true,
      draw: (y) => {
        area.canvas.artifact(() => header.ground(y));
        header.draw(
          y,
          columns.map(() => head.child('TH', { scope: 'Column' })),
        );
      },
    },
    // a last row never stands alone under a repeated header
    ...rows.map((strip, index) => (index === rows.length - 2 ? { ...strip, keep: true } : strip)),
  ];
}

/** Shares of the width, none so narrow that its title breaks everywhere */
function spread(table: Table, area: Area): Column[] {
  const shares = table.columns.map(({ width }) => Math.max(0.2, width ?? 1));
  const total = shares.reduce((sum, share) => sum + share, 0);
  let x = area.x;
  return shares.map((share) => {
    const column = { x, width: (area.width * share) / total };
    x += column.width;
    return column;
  });
}

class Row {
  readonly #area: Area;
  readonly #columns: readonly Column[];
  readonly #cells: readonly (readonly string[])[];
  readonly #style: Style;
  readonly #line: number;

  constructor(area: Area, columns: readonly Column[], texts: readonly string[], style: Style) {
    this.#area = area;
    this.#columns = columns;
    this.#style = style;
    this.#line = area.canvas.lineHeight(style);
    this.#cells = texts.map((text, index) =>
      area.canvas.lines(text, (columns[index]?.width ?? 0) - 2 * PAD, style),
    );
  }

  get #count(): number {
    return Math.max(1, ...this.#cells.map((lines) => lines.length));
  }

  get height(): number {
    return this.#count * this.#line + 2 * PAD;
  }

  strips(tallest: number, tags: readonly Tag[]): Strip[] {
    return pieces(this.#count, Math.floor((tallest - 2 * PAD) / this.#line)).map(({ from, to }) => {
      const last = to === this.#count;
      const height = (to - from) * this.#line + (from === 0 ? PAD : 0) + (last ? PAD : 0);
      return {
        height,
        draw: (y: number) => {
          const { canvas, x, width } = this.#area;
          if (last) canvas.artifact(() => canvas.rule(x, y + height, width, RULE));
          this.draw(from === 0 ? y : y - PAD, tags, from, to);
        },
      };
    });
  }

  draw(y: number, tags: readonly Tag[], from = 0, to = this.#count): void {
    for (const [index, tag] of tags.entries()) tag.content(() => this.#cell(index, y, from, to));
  }

  /** ground and texts, for a header that is repeated */
  drawAll(y: number): void {
    this.ground(y);
    for (const index of this.#columns.keys()) this.#cell(index, y, 0, this.#count);
  }

  ground(y: number): void {
    const { canvas, x, width } = this.#area;
    canvas.box(x, y, width, this.height, { fill: WASH });
    canvas.rule(x, y + this.height, width, ACCENT, 0.9);
  }

  #cell(index: number, y: number, from: number, to: number): void {
    const x = (this.#columns[index]?.x ?? 0) + PAD;
    this.#area.canvas.stack(this.#cells[index]?.slice(from, to) ?? [], x, y + PAD, this.#style);
  }
}
