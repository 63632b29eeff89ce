/** A text without case, accents nor punctuation, and where each of its bytes came from. */
export interface Folded {
  /** `a-z`, `0-9`, and one space for any run of other characters */
  text: Buffer;
  /** for each byte of `text`, its place in the bytes folded */
  from: Uint32Array;
}

const SPACE = 0x20;
const ASCII = Uint8Array.from({ length: 0x80 }, (_, byte) => {
  const char = String.fromCharCode(byte).toLowerCase();
  return /[a-z0-9]/.test(char) ? char.charCodeAt(0) : SPACE;
});
/** what JSON writes after a backslash for a line break, a tab and the like: no letter of the word that follows */
const ESCAPED = [...'nrtbf'].map((char) => char.charCodeAt(0));
/** base letters of each character beyond ASCII met so far: `é` → `e`, `œ` → `oe`, a combining accent → nothing */
const beyond = new Map<number, readonly number[]>();

/**
 * Folds bytes that may be of any format: UTF-8 first, what is none of it as Latin-1, `\u00e9` as JSON writes it; NUL
 * bytes are passed over, so that UTF-16 reads as well, but for letters beyond Latin-1 (`œ`). Folding the same value gives the same text
 * wherever it stands, but for the spaces around.
 */
export function fold(bytes: Uint8Array): Folded {
  // One byte may become several letters (Æ in Latin-1, ﬃ in UTF-8): never more than this many.
  const text = Buffer.allocUnsafe(bytes.length * 2 + 2);
  const from = new Uint32Array(bytes.length * 2 + 2);
  let length = 0;
  const put = (letter: number, at: number): void => {
    if (letter === SPACE && (length === 0 || text[length - 1] === SPACE)) return;
    text[length] = letter;
    from[length] = at;
    length += 1;
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) {
      at += 1;
    } else if (byte === 0x5c && bytes[at + 1] === 0x75) {
      const code = Number.parseInt(Buffer.from(bytes.subarray(at + 2, at + 6)).toString('latin1'), 16);
      for (const letter of Number.isNaN(code) ? [SPACE] : lettersOf(code)) put(letter, at);
      at += Number.isNaN(code) ? 2 : 6;
    } else if (byte === 0x5c && ESCAPED.includes(bytes[at + 1] ?? 0)) {
      put(SPACE, at);
      at += 2;
    } else if (byte < 0x80) {
      put(ASCII[byte] ?? SPACE, at);
      at += 1;
    } else {
      const [code, size] = characterAt(bytes, at, byte);
      for (const letter of lettersOf(code)) put(letter, at);
      at += size;
    }
  }
  return { text: text.subarray(0, length), from: from.subarray(0, length) };
}

/** A text as it stands once folded, spaces around taken away. */
export function foldText(text: string): string {
  return fold(Buffer.from(text)).text.toString('latin1').trim();
}

function lettersOf(code: number): readonly number[] {
  if (code < 0x80) return [ASCII[code] ?? SPACE];
  const known = beyond.get(code);
  if (known !== undefined) return known;
  const plain = String.fromCodePoint(code)
    .replace(/œ/i, 'oe')
    .replace(/æ/i, 'ae')
    .replace(/ø/i, 'o')
    .replace(/đ/i, 'd')
    .replace(/ł/i, 'l')
    .replace('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  const letters = [...plain].map((char) => (/[a-z0-9]/.test(char) ? char.charCodeAt(0) : SPACE)).slice(0, 4);
  beyond.set(code, letters);
  return letters;
}

/** UTF-8 of two or three bytes, else the byte itself as Latin-1 (letters with accents are no further in Unicode). */
function characterAt(bytes: Uint8Array, at: number, first: number): [code: number, size: number] {
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const goesOn = (byte: number): boolean => (byte & 0xc0) === 0x80;
  if (first >= 0xc2 && first <= 0xdf && goesOn(second)) return [((first & 0x1f) << 6) | (second & 0x3f), 2];
  if ((first & 0xf0) === 0xe0 && goesOn(second) && goesOn(third)) {
    const code = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    return code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? [code, 3] : [first, 1];
  }
  return [first, 1];
}
