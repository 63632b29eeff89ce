/** One sober look, readable on a grey printer: black on white, weight and frames before colour. Points. */
export const PAGE = { width: 595.28, height: 841.89, left: 42, right: 42, top: 38, bottom: 56 } as const;
export const CONTENT_WIDTH = PAGE.width - PAGE.left - PAGE.right;

export const INK = '#16181a';
export const MUTED = '#55595e';
export const ACCENT = '#17414f';
export const RULE = '#b4b8bc';
export const WASH = '#f2f3f3';
export const PAPER = '#ffffff';

export interface Style {
  font: 'regular' | 'bold';
  size: number;
  color: string;
}

const style = (font: Style['font'], size: number, color: string): Style => ({ font, size, color });

export const STYLES = {
  title: style('bold', 17, INK),
  heading: style('bold', 11.5, ACCENT),
  card: style('bold', 8.5, ACCENT),
  body: style('regular', 9, INK),
  strong: style('bold', 9, INK),
  big: style('bold', 10.5, INK),
  label: style('regular', 9, MUTED),
  caption: style('regular', 7.2, MUTED),
  name: style('bold', 13, INK),
  cell: style('regular', 8.5, INK),
  column: style('bold', 8.5, INK),
  quiet: style('regular', 9, MUTED),
  footer: style('regular', 6.8, MUTED),
} as const;
