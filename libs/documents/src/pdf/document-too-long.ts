import type { RefusalCode } from './findings.ts';

/** A model that cannot be set on paper: refused as a whole, for nothing may be cut in silence. */
export class DocumentTooLong extends Error {
  override readonly name = 'DocumentTooLong';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}
