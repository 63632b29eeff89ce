/** What the recipient may say of a sheet. */
export const ACKNOWLEDGEMENT_CODES = [
  'duplicate-sheet',
  'missing-item',
  'not-conforming',
  'out-of-survey',
] as const;
