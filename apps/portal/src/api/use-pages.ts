import { useCallback, useEffect, useRef, useState } from 'react';
import { call, problemOf } from './http.ts';

const PAGE = 500;

export interface Pages<T> {
  rows: readonly T[];
  /** all that there is has been read */
  whole: boolean;
  problem?: string;
  more(): void;
}

/** A list of the API, page by page as it is looked at. @param turn another one asks anew for the same */
export function usePages<T extends { id: string }>(path: string, turn = 0): Pages<T> {
  const [rows, setRows] = useState<readonly T[]>([]);
  const [whole, setWhole] = useState(false);
  const [problem, setProblem] = useState<string>();
  const asking = useRef<string>(undefined);

  const ask = useCallback(
    (after: string | undefined, before: readonly T[]) => {
      const question = `${turn} ${path} ${after ?? ''}`;
      if (asking.current === question) return;
      asking.current = question;
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(after === undefined ? {} : { after }),
      });
      call<readonly T[]>(`${path}${path.includes('?') ? '&' : '?'}${query}`)
        .then((page) => {
          // another list was asked for meanwhile
          if (asking.current !== question) return;
          setProblem(undefined);
          setRows([...before, ...page]);
          setWhole(page.length < PAGE);
        })
        .catch((error: unknown) => {
          if (asking.current !== question) return;
          asking.current = undefined;
          setProblem(problemOf(error).words);
        });
    },
    [path, turn],
  );

  useEffect(() => {
    setRows([]);
    setWhole(false);
    ask(undefined, []);
  }, [ask]);

  const more = useCallback(() => {
    if (!whole && rows.length > 0) ask(rows.at(-1)?.id, rows);
  }, [ask, rows, whole]);
  return { rows, whole, more, ...(problem === undefined ? {} : { problem }) };
}
