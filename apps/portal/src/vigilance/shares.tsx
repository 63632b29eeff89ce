const WIDTH = 160;
const HEIGHT = 12;

/** Counts of one kind as a table, each with a bar beside it that says nothing more than the figure. */
export function Shares({
  caption,
  of,
  rows,
}: {
  caption: string;
  /** what the first column names */
  of: string;
  rows: readonly { code: string; says: string; messages: number }[];
}) {
  if (rows.length === 0) return null;
  const most = Math.max(1, ...rows.map(({ messages }) => messages));
  return (
    <table className="figures">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{of}</th>
          <th scope="col">Messages</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ code, says, messages }) => (
          <tr key={code}>
            <th scope="row">{says}</th>
            <td>{messages}</td>
            <td>
              <svg className="bars" width={WIDTH} height={HEIGHT} aria-hidden="true">
                <rect width={Math.round((messages / most) * WIDTH)} height={HEIGHT} />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
