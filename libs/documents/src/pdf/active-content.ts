/** What counts as active content in one object of a PDF (ISO 32000-1 §12.6, §13, §7.11). */
import { PDFArray, PDFDict, PDFName, type PDFObject, PDFStream } from '@cantoo/pdf-lib';
import type { RefusalCode } from './findings.ts';

/**
 * Action types (`S`). A link that the reader follows with a click (`URI`, `GoTo`, `Named`) is no active
 * content; the same at opening or on an event is, see below.
 */
export const ACTIONS: Readonly<Record<string, RefusalCode>> = {
  JavaScript: 'pdf.javascript',
  Launch: 'pdf.launch',
  SubmitForm: 'pdf.submit-form',
  ImportData: 'pdf.import-data',
  GoToR: 'pdf.external-reference',
  GoToE: 'pdf.external-reference',
  Rendition: 'pdf.rich-media',
  RichMediaExecute: 'pdf.rich-media',
  GoTo3DView: 'pdf.rich-media',
};

/** Annotation, stream and dictionary types (`Subtype`, `Type`) */
const KINDS: Readonly<Record<string, RefusalCode>> = {
  RichMedia: 'pdf.rich-media',
  Movie: 'pdf.rich-media',
  Sound: 'pdf.rich-media',
  Screen: 'pdf.rich-media',
  '3D': 'pdf.rich-media',
  EmbeddedFile: 'pdf.embedded-file',
  FileAttachment: 'pdf.embedded-file',
  PS: 'pdf.postscript',
};

const KEYS: Readonly<Record<string, RefusalCode>> = {
  JS: 'pdf.javascript',
  JavaScript: 'pdf.javascript',
  XFA: 'pdf.xfa',
  EF: 'pdf.embedded-file',
  Collection: 'pdf.embedded-file',
  RichMediaContent: 'pdf.rich-media',
};

export interface Active {
  code: RefusalCode;
  /** the action at opening, which may turn out to be a plain jump to a page */
  opening?: PDFObject;
}

/** Everything active in one indirect object. */
export function* activeIn(object: PDFObject): Iterable<Active> {
  const kind = object instanceof PDFName ? KINDS[object.decodeText()] : undefined;
  // a type may stand alone, behind a reference
  if (kind !== undefined) yield { code: kind };
  yield* within(object);
}

function* within(object: PDFObject): Iterable<Active> {
  if (object instanceof PDFStream) {
    yield* within(object.dict);
    // the data of a stream kept in a file elsewhere
    if (object.dict.has(PDFName.of('F'))) yield { code: 'pdf.external-reference' };
  } else if (object instanceof PDFArray) {
    for (const item of object.asArray()) yield* within(item);
  } else if (object instanceof PDFName) {
    const code = ACTIONS[object.decodeText()];
    if (code !== undefined) yield { code };
  } else if (object instanceof PDFDict) {
    yield* activeInDictionary(object);
  }
}

function* activeInDictionary(dict: PDFDict): Iterable<Active> {
  for (const [key, value] of dict.entries()) {
    const name = key.decodeText();
    const code = KEYS[name] ?? (isKind(name, value) ? KINDS[value.decodeText()] : undefined);
    if (code !== undefined) yield { code };
    if (name === 'OpenAction') yield { code: 'pdf.open-action', opening: value };
    if (name === 'AA' && !(value instanceof PDFDict && value.keys().length === 0))
      yield { code: 'pdf.additional-actions' };
    yield* within(value);
  }
  if (nameOf(dict, 'Type') === 'Filespec' && !dict.has(PDFName.of('EF')))
    yield { code: 'pdf.external-reference' };
  if (nameOf(dict, 'FS') === 'URL') yield { code: 'pdf.external-reference' };
  if (nameOf(dict, 'Subtype') === 'Form' && dict.has(PDFName.of('Ref')))
    yield { code: 'pdf.external-reference' };
}

const isKind = (key: string, value: PDFObject): value is PDFName =>
  (key === 'Subtype' || key === 'Type') && value instanceof PDFName;

const nameOf = (dict: PDFDict, key: string): string | undefined => {
  const value = dict.get(PDFName.of(key));
  return value instanceof PDFName ? value.decodeText() : undefined;
};

/** Opening at a page is all that a document may do by itself: a destination, or a plain `GoTo`. */
export function isPlainOpening(opening: PDFObject): boolean {
  if (opening instanceof PDFDict) return nameOf(opening, 'S') === 'GoTo' && !opening.has(PDFName.of('Next'));
  return opening instanceof PDFArray;
}
