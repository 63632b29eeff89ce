/** Cuts what comes into lines. Holds no more than one line that has not ended. */
const LF = 0x0a;

export interface Line {
  /** from 1, as an editor counts */
  n: number;
  /** without its line feed; undefined = longer than allowed, and not kept */
  bytes: Uint8Array | undefined;
}

export class LineSplitter {
  #n = 0;
  #begun: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  /** Lines that end in this piece; blank ones count and are left out. Bytes are windows on what was pushed. */
  *push(piece: Uint8Array): Generator<Line> {
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf(LF, at);
      // what waits for its end is a copy: the piece is its owner's again once its lines are taken
      this.#take(end < 0 ? Buffer.from(piece.subarray(at)) : piece.subarray(at, end));
      if (end < 0) return;
      at = end + 1;
      yield* this.#line();
    }
  }

  /** The last line need not end with a line feed. */
  *end(): Generator<Line> {
    if (this.#length > 0) yield* this.#line();
  }

  #take(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > this.maxBytes) this.#begun = [];
    else if (bytes.length > 0) this.#begun.push(bytes);
  }

  *#line(): Generator<Line> {
    const [n, begun, length] = [++this.#n, this.#begun, this.#length];
    this.#begun = [];
    this.#length = 0;
    if (length > this.maxBytes) yield { n, bytes: undefined };
    else {
      const bytes = begun.length === 1 ? (begun[0] as Uint8Array) : Buffer.concat(begun, length);
      if (!isBlank(bytes)) yield { n, bytes };
    }
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
