/** pdfkit with our fonts: lines of text at exact places, tags, and marks that are no content. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as pdfkit from 'pdfkit';
import type { Style } from './theme.ts';

// what pdfkit 0.20 takes and its published types do not name
declare global {
  namespace PDFKit {
    interface DocumentInfo {
      ContentDigest?: string;
    }
  }
  namespace PDFKit.Mixins {
    interface StructureElementOptions {
      scope?: 'Column' | 'Row' | 'Both';
      bbox?: [number, number, number, number];
    }
  }
}

type LineListener = (line: string) => void;
/** exported by pdfkit since 0.19, absent from its published types */
const { LineWrapper } = pdfkit as unknown as {
  LineWrapper: new (
    doc: PDFKit.PDFDocument,
    options: { width: number; height: number },
  ) => { on(event: 'line', listener: LineListener): void; wrap(text: string, options: object): void };
};

const require = createRequire(import.meta.url);
// Bytes only: a parsed font remembers the characters that it met, and one shared by two documents
// would make the second depend on the first.
const FONTS = {
  regular: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
  bold: readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf')),
};

/** pdfkit cuts a word that is wider than its line, at a cost that grows with the square of its length */
const LONG_WORD = /(\S{80})(?=\S)/gu;
const CUT_HERE = '\u200b';

export class Canvas {
  readonly doc: PDFKit.PDFDocument;

  constructor(doc: PDFKit.PDFDocument) {
    this.doc = doc;
    for (const [name, bytes] of Object.entries(FONTS))
      doc.registerFont(name, bytes as unknown as ArrayBuffer);
  }

  /** `text` cut into lines that fit `width`; a line keeps its last space, so that words stay apart when extracted */
  lines(text: string, width: number, style: Style): string[] {
    this.#use(style);
    const lines: string[] = [];
    const wrapper = new LineWrapper(this.doc, { width, height: Number.POSITIVE_INFINITY });
    wrapper.on('line', (line) => lines.push(line.replaceAll(CUT_HERE, '').replace('\n', '')));
    wrapper.wrap(this.#printable(text).replace(LONG_WORD, `$1${CUT_HERE}`), {});
    return lines;
  }

  /** one line, its top left corner at (x, y) */
  line(text: string, x: number, y: number, style: Style): void {
    this.#use(style);
    this.doc.text(text, x, y, { lineBreak: false });
  }

  stack(lines: readonly string[], x: number, y: number, style: Style): void {
    const height = this.lineHeight(style);
    for (const [index, line] of lines.entries()) this.line(line, x, y + index * height, style);
  }

  width(text: string, style: Style): number {
    this.#use(style);
    return this.doc.widthOfString(this.#printable(text));
  }

  lineHeight(style: Style): number {
    this.#use(style);
    return this.doc.currentLineHeight(true) * 1.08;
  }

  /** Frames, rules, repeated headers: seen, and skipped by a screen reader. Never inside a tag's content. */
  artifact(draw: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  box(
    x: number,
    y: number,
    width: number,
    height: number,
    look: { fill?: string; stroke?: string; line?: number },
  ): void {
    if (look.fill !== undefined) this.doc.rect(x, y, width, height).fill(look.fill);
    if (look.stroke !== undefined)
      this.doc
        .lineWidth(look.line ?? 0.7)
        .rect(x, y, width, height)
        .stroke(look.stroke);
  }

  rule(x: number, y: number, width: number, color: string, line = 0.5): void {
    this.doc
      .lineWidth(line)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke(color);
  }

  /**
   * What can be set in our fonts: composed, without control or invisible characters; a character that the
   * font lacks becomes U+FFFD, seen by the reader and never dropped.
   */
  #printable(text: string): string {
    const { font } = (
      this.doc as unknown as { _font: { font: { hasGlyphForCodePoint(c: number): boolean } } }
    )._font;
    const clean = text
      .toWellFormed()
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/\p{Cf}/gu, '')
      .replace(/[^\P{Cc}\n]/gu, ' ');
    return clean.replace(/[^\x20-\x7e\n]/gu, (c) =>
      font.hasGlyphForCodePoint(c.codePointAt(0) ?? 0) ? c : '\ufffd',
    );
  }

  #use(style: Style): void {
    this.doc.font(style.font, style.size).fillColor(style.color);
  }
}
