/** What the recipient may say of a sheet. */
export const ACKNOWLEDGEMENT_CODES = [
  'duplicate',
  'key-unknown',
  'not-conforming',
  'out-of-sample',
  'questionnaire-unknown',
] as const;
