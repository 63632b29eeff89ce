import type { ReactNode } from 'react';

export interface Row {
  key: string;
  /** the first one heads the row */
  cells: readonly [ReactNode, ...ReactNode[]];
}

/** A table, or a sentence when there is nothing to put in it. */
export function Listing({
  caption,
  heads,
  rows,
  none,
}: {
  caption: string;
  heads: readonly string[];
  rows: readonly Row[];
  none: string;
}) {
  if (rows.length === 0) return <p>{none}</p>;
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [head, ...cells] }) => (
          <tr key={key}>
            <th scope="row">{head}</th>
            {cells.map((cell, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
              <td key={n}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
