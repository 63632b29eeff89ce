import type { ReactNode } from 'react';

export interface Column<T> {
  title: string;
  of(row: T): ReactNode;
}

/** A table of which each row is named by its first column. */
export function Listing<T>({
  caption,
  columns,
  rows,
  keyOf,
  figures = false,
}: {
  caption: ReactNode;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string;
  figures?: boolean;
}) {
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
        {rows.map((row) => (
          <tr key={keyOf(row)}>
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
