/** From top to bottom, page after page. */
import type { Canvas } from './canvas.ts';
import { DocumentTooLong } from './document-too-long.ts';
import { PAGE } from './theme.ts';

/** A piece that no page break may cut. */
export interface Strip {
  height: number;
  draw(y: number): void;
  /** may not stand last on a page: goes with the next strip */
  keep?: boolean;
  /** drawn before this strip when it begins a page (a table's header row) */
  again?: { height: number; draw(y: number): void };
  /** nothing to see: left out at the edge of a page */
  blank?: boolean;
}

export const heightOf = (strips: readonly Strip[]): number =>
  strips.reduce((sum, { height }) => sum + height, 0);

/** Lines that a page holds stay together; more than that are cut by four, so that they fill the page they begin on. */
export function pieces(count: number, perPage: number): { from: number; to: number }[] {
  const size = count <= perPage ? Math.max(1, count) : 4;
  return Array.from({ length: Math.max(1, Math.ceil(count / size)) }, (_, index) => ({
    from: index * size,
    to: Math.min(count, (index + 1) * size),
  }));
}

/** white between two pieces: never opens a page, never begins one */
export const gap = (height: number): Strip => ({ height, draw: () => undefined, blank: true });

/** 60 pages are a long career; five times that is a mistake or an attack, and is refused, never cut */
const MAX_PAGES = 300;
const BOTTOM = PAGE.height - PAGE.bottom;

export class Flow {
  readonly #canvas: Canvas;
  readonly #header: { height: number; draw(y: number): void };
  #top: number = PAGE.top;
  #y: number = PAGE.top;
  #pages = 1;

  /** `header` is repeated on every page but the first, which is already there */
  constructor(canvas: Canvas, header: { height: number; draw(y: number): void }) {
    this.#canvas = canvas;
    this.#header = header;
  }

  /** height left on this page */
  get room(): number {
    return BOTTOM - this.#y;
  }

  /** height of a whole page under its repeated header */
  get pageRoom(): number {
    return BOTTOM - PAGE.top - this.#header.height;
  }

  place(strips: readonly Strip[]): void {
    for (const [index, strip] of strips.entries()) {
      if (strip.blank === true && (strip.height > this.room || this.#y === this.#top)) continue;
      let together = strip.height;
      for (let last = index; strips[last]?.keep === true; last++) together += strips[last + 1]?.height ?? 0;
      if (together > this.room && this.#y > this.#top) {
        this.#nextPage();
        if (strip.again !== undefined) {
          const { again } = strip;
          this.#canvas.artifact(() => again.draw(this.#y), 'Pagination');
          this.#y += again.height;
        }
      }
      strip.draw(this.#y);
      this.#y += strip.height;
    }
  }

  #nextPage(): void {
    this.#pages += 1;
    if (this.#pages > MAX_PAGES) throw new DocumentTooLong('document.too-long');
    this.#canvas.doc.addPage();
    this.#canvas.artifact(() => this.#header.draw(PAGE.top), 'Pagination');
    this.#top = PAGE.top + this.#header.height;
    this.#y = this.#top;
  }
}
