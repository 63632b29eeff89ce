/** RFC 4180, as spreadsheets in France write it: a semicolon or a tab as well as a comma, UTF-8 or Windows' own letters. */

/** Rows of cells, from the first to the last that say something; an empty one between them has no cell. */
export function readCsv(bytes: ArrayBuffer): string[][] {
  const text = textOf(bytes).replace(/^\uFEFF/, '');
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endRow = () => {
    row.push(cell);
    const says = row.some((one) => one.trim() !== '');
    if (says || rows.length > 0) rows.push(says ? row : []);
    row = [];
    cell = '';
  };
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === separator) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  endRow();
  while (rows.at(-1)?.length === 0) rows.pop();
  return rows;
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // not UTF-8: what Excel writes when it is not asked
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The one that the first line has most of. */
function separatorOf(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const times = (separator: string) => first.split(separator).length;
  return [';', '\t', ','].toSorted((a, b) => times(b) - times(a))[0] ?? ';';
}
