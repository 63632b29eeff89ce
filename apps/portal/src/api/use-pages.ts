import { useCallback, useEffect, useRef, useState } from 'react';
import { call, type Problem, problemOf } from './http.ts';

const PAGE = 500;

export interface Pages<T> {
  rows: readonly T[];
  /** the first page has come */
  isRead: boolean;
  /** all that there is has been read */
  whole: boolean;
  problem?: Problem;
  more(): void;
}

/** A list of the API, page by page as it is looked at. @param filter its query, without the page's own; @param turn another one asks anew for the same */
export function usePages<T extends { id: string }>(path: string, filter: string, turn = 0): Pages<T> {
  const [rows, setRows] = useState<readonly T[]>([]);
  const [isRead, setRead] = useState(false);
  const [whole, setWhole] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const asking = useRef<string>(undefined);

  const ask = useCallback(
    (after: string | undefined, before: readonly T[]) => {
      const query = new URLSearchParams(filter);
      query.set('limit', String(PAGE));
      if (after !== undefined) query.set('after', after);
      const address = `${path}?${query}`;
      const question = `${turn} ${address}`;
      if (asking.current === question) return;
      asking.current = question;
      call<readonly T[]>(address)
        .then((page) => {
          // another list was asked for meanwhile
          if (asking.current !== question) return;
          setProblem(undefined);
          setRows([...before, ...page]);
          setRead(true);
          setWhole(page.length < PAGE);
        })
        .catch((error: unknown) => {
          if (asking.current !== question) return;
          asking.current = undefined;
          setProblem(problemOf(error));
        });
    },
    [path, filter, turn],
  );

  useEffect(() => {
    setRows([]);
    setRead(false);
    setWhole(false);
    ask(undefined, []);
  }, [ask]);

  const more = useCallback(() => {
    if (!whole && rows.length > 0) ask(rows.at(-1)?.id, rows);
  }, [ask, rows, whole]);
  return { rows, isRead, whole, more, ...(problem === undefined ? {} : { problem }) };
}
