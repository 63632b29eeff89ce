import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  of(row: T): ReactNode;
}

/** A table of which each row is named by its first column; a sentence instead, where one is given, when it is empty. */
export function Listing<T>({
  caption,
  columns,
  rows,
  keyOf,
  figures = false,
  none,
}: {
  caption: ReactNode;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T, n: number): string;
  figures?: boolean;
  none?: string;
}) {
  if (rows.length === 0 && none !== undefined) return <p>{none}</p>;
  return (
    <table className={figures ? 'figures' : ''}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title }) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          <tr key={keyOf(row, place)}>
            {columns.map(({ title, of }, n) =>
              n === 0 ? (
                <th key={title} scope="row">
                  {of(row)}
                </th>
              ) : (
                <td key={title}>{of(row)}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
