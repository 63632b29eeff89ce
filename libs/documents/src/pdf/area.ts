/** Where a block is laid out: a span of the page's width, and the tag that it belongs to. */
import type { Canvas } from './canvas.ts';
import type { Tag } from './tag.ts';

export interface Area {
  canvas: Canvas;
  tag: Tag;
  x: number;
  width: number;
  /** greatest height of a piece that may not be cut */
  tallest: number;
}
