/** The INS datamatrix (ISO/IEC 16022, ECC200), drawn as vector squares: no image, no transparency. */
import bwipjs from 'bwip-js/node';
import type { Canvas } from './canvas.ts';
import { INK, PAPER } from './theme.ts';

/** ANS asks one module of white around it; two scan better from a screen */
const QUIET = 2;

export interface Datamatrix {
  /** modules a side, quiet zone included */
  size: number;
  /** runs of black modules, in modules from the top left corner of the quiet zone */
  runs: readonly { x: number; y: number; length: number }[];
}

export function datamatrix(text: string): Datamatrix {
  const [symbol] = bwipjs.raw('datamatrix', text, {});
  if (symbol === undefined || !('pixs' in symbol)) throw new TypeError('a datamatrix is a matrix of modules');
  const { pixs, pixx } = symbol;
  const runs: { x: number; y: number; length: number }[] = [];
  for (let at = 0; at < pixs.length; at++) {
    if (pixs[at] !== 1) continue;
    const start = at;
    while (pixs[at + 1] === 1 && (at + 1) % pixx !== 0) at++;
    runs.push({ x: (start % pixx) + QUIET, y: Math.floor(start / pixx) + QUIET, length: at - start + 1 });
  }
  return { size: pixx + 2 * QUIET, runs };
}

export function drawDatamatrix(canvas: Canvas, symbol: Datamatrix, x: number, y: number, side: number): void {
  const module = side / symbol.size;
  canvas.box(x, y, side, side, { fill: PAPER });
  for (const run of symbol.runs)
    canvas.doc.rect(x + run.x * module, y + run.y * module, run.length * module, module);
  canvas.doc.fill(INK);
}
