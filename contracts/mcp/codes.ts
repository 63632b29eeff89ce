/** What the recipient may say of a fortnight: coding errors are told line by line. */
export const ACKNOWLEDGEMENT_CODES = [
  'coding-pathology',
  'coding-table',
  'duplicate-deposit',
  'not-conforming',
  'out-of-campaign',
] as const;
