/**
 * What a received PDF hides. Relais never renders it: it is parsed whole, every version of every object is
 * looked at whether the page tree reaches it or not, and anything that acts without the reader is refused.
 */
import { inflateSync } from 'node:zlib';
import { PDFDict, PDFName, type PDFObject, PDFParser, PDFRawStream, PDFRef } from '@cantoo/pdf-lib';
import type { Finding } from '#core';
import { ACTIONS, activeIn, isPlainOpening } from './active-content.ts';
import { REFUSALS, type RefusalCode, refusal } from './findings.ts';

/** An object stream of text that inflates beyond this is a bomb */
const MAX_INFLATED = 64 << 20;
const EDGE = 1024;

/**
 * @param step called again and again, at any size of file: where to give up
 * @returns findings in the order of the closed list; none = may pass
 */
export async function inspectPdf(pdf: Uint8Array, step: () => void = () => undefined): Promise<Finding[]> {
  const found = await lookInto(pdf, step);
  return (Object.keys(REFUSALS) as RefusalCode[]).filter((code) => found.has(code)).map(refusal);
}

async function lookInto(pdf: Uint8Array, step: () => void): Promise<Set<RefusalCode>> {
  const raw = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  if (!raw.subarray(0, EDGE).includes('%PDF-') || !raw.subarray(-EDGE).includes('%%EOF'))
    return new Set(['pdf.unreadable']);
  const parser = new WatchingParser(pdf, step);
  const found = parser.found;
  const text = raw.toString('latin1');
  try {
    for (const code of actionsInText(text)) found.add(code);
    await parser.parseDocument();
    for (const code of activeCodes(parser.objects)) found.add(code);
    if (!parser.hasPages) found.add('pdf.unreadable');
    if (hidesObjects(text, parser.bodies)) found.add('pdf.hidden-object');
  } catch {
    // whatever we stumbled on: a file that we cannot read whole cannot be judged
    if (!parser.encrypted) found.add('pdf.unreadable');
  }
  if (parser.encrypted) found.add('pdf.encrypted');
  return found;
}

type Versions = ReadonlyMap<string, readonly PDFObject[]>;

function* activeCodes(objects: Versions): Iterable<RefusalCode> {
  for (const object of [...objects.values()].flat()) {
    for (const { code, opening } of activeIn(object)) {
      if (opening === undefined || !isPlain(opening, objects)) yield code;
    }
  }
}

/** An opening action behind a reference is harmless only if each version of it is. */
function isPlain(opening: PDFObject, objects: Versions): boolean {
  const versions = opening instanceof PDFRef ? (objects.get(opening.toString()) ?? []) : [opening];
  return versions.every(isPlainOpening);
}

/**
 * pdf-lib's parser reads the file from end to end, whatever its cross-reference tables say. Kept here: every
 * version of an object (an update replaces one without erasing it), and where each body began.
 */
class WatchingParser extends PDFParser {
  readonly found = new Set<RefusalCode>();
  readonly objects = new Map<string, PDFObject[]>();
  readonly bodies = new Set<number>();
  readonly #step: () => void;
  #depth = 0;

  constructor(pdf: Uint8Array, step: () => void) {
    super(pdf, Number.POSITIVE_INFINITY, true);
    this.#step = step;
    const assign = this.context.assign.bind(this.context);
    this.context.assign = (ref, object) => {
      step();
      const versions = this.objects.get(ref.toString());
      if (versions === undefined) this.objects.set(ref.toString(), [object]);
      else versions.push(object);
      assign(ref, object);
    };
  }

  get encrypted(): boolean {
    return this.context.trailerInfo.Encrypt !== undefined;
  }

  get hasPages(): boolean {
    const catalog = this.context.lookup(this.context.trailerInfo.Root);
    return catalog instanceof PDFDict && catalog.lookup(PDFName.of('Pages')) instanceof PDFDict;
  }

  protected override skipWhitespaceAndComments(): void {
    this.#step();
    super.skipWhitespaceAndComments();
  }

  override parseObject(ref?: PDFRef): PDFObject {
    if (this.#depth === 0) this.bodies.add(this.bytes.offset());
    this.#depth += 1;
    try {
      const object = super.parseObject(ref);
      if (object instanceof PDFRawStream) this.#beforeInflating(object);
      return object;
    } finally {
      this.#depth -= 1;
    }
  }

  /** pdf-lib inflates object and cross-reference streams without a bound, and knows no predictor there. */
  #beforeInflating({ dict, contents }: PDFRawStream): void {
    const type = dict.lookup(PDFName.of('Type'));
    const isObjects = type === PDFName.of('ObjStm');
    // a reader goes by its table, not by the type that the stream gives itself
    if (!isObjects && dict.has(PDFName.of('First'))) this.found.add('pdf.hidden-object');
    if (!isObjects && type !== PDFName.of('XRef')) return;
    const filter = dict.lookup(PDFName.of('Filter'));
    if (filter === undefined && isObjects) return;
    if (filter !== PDFName.of('FlateDecode')) throw new TypeError('unusual filter');
    if (isObjects && dict.has(PDFName.of('DecodeParms'))) throw new TypeError('unusual predictor');
    let inflated: Buffer;
    try {
      inflated = inflateSync(contents, { maxOutputLength: MAX_INFLATED });
    } catch (error) {
      this.found.add('pdf.too-complex');
      throw error;
    }
    if (isObjects) for (const code of actionsInText(inflated.toString('latin1'))) this.found.add(code);
  }
}

/** looks back from the type: forward from each `/S`, comments full of `/S` would cost the square of their length */
const ACTION_IN_TEXT =
  /(?<=\/S(?:[\s\0]|%[^\r\n]*[\r\n])*)\/(JavaScript|Launch|SubmitForm|ImportData|GoToR|GoToE|Rendition)(?=[\s\0/<>[\]()%]|$)/g;

/** A second look, at the text itself: an action type written twice in one dictionary is parsed once. */
function* actionsInText(text: string): Iterable<RefusalCode> {
  const plain = text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  for (const [, type] of plain.matchAll(ACTION_IN_TEXT)) {
    const code = ACTIONS[type ?? ''];
    if (code !== undefined) yield code;
  }
}

const OBJECT_IN_TEXT = /\d[\s\0]+\d+[\s\0]+obj(?![a-z])(?:[\s\0]|%[^\r\n]*[\r\n])*/g;

/** A cross-reference table may point into a comment, a string or a stream: nothing like an object may lie there. */
function hidesObjects(text: string, bodies: ReadonlySet<number>): boolean {
  for (const match of text.matchAll(OBJECT_IN_TEXT)) {
    if (!bodies.has(match.index + match[0].length)) return true;
  }
  return false;
}
