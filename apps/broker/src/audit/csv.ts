/** Tables for spreadsheets of French offices: UTF-8 with its mark, semicolons, RFC 4180 quoting. */

export const CSV = 'text/csv; charset=utf-8';
const MARK = '\ufeff';

/** The mark and the names of the columns. */
export const csvHead = (columns: readonly string[]): string => `${MARK}${csvLine(columns)}`;

/** One record, ended by CRLF. */
export function csvLine(values: readonly (string | undefined)[]): string {
  return `${values.map((value) => field(value ?? '')).join(';')}\r\n`;
}

/** What a spreadsheet would take for a formula becomes a text. */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
