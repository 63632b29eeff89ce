/** Why a signed document is refused. The caller sees one code; this word is for the journal and holds no content. */
export const XML_REFUSALS = [
  'too-large',
  'too-long',
  'doctype',
  'malformed',
  'place',
  'signature-missing',
  'signature-shape',
  'algorithm',
  'transform',
  'reference',
  'duplicate-id',
  'unsigned',
  'split-value',
  'signer',
  'digest',
  'encryption',
  'signature-value',
] as const;
export type XmlRefusalReason = (typeof XML_REFUSALS)[number];

export class XmlRefusal extends Error {
  readonly reason: XmlRefusalReason;

  constructor(reason: XmlRefusalReason) {
    super(reason);
    this.name = 'XmlRefusal';
    this.reason = reason;
  }
}
