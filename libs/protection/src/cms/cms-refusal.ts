/** Whatever is wrong with an envelope: nothing says what, so that nobody learns from asking again. */
export class CmsRefusal extends Error {
  constructor(cause?: unknown) {
    super('envelope refused', { cause });
    this.name = 'CmsRefusal';
  }
}
