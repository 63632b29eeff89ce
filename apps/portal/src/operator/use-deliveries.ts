import { useCallback, useEffect, useRef, useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import type { Delivery } from '../words/deliveries.ts';

const PAGE = 500;

export interface Deliveries {
  rows: readonly Delivery[];
  /** all that there is has been read */
  whole: boolean;
  problem?: string;
  more(): void;
}

/** Deliveries of one state, page by page as they are looked at. */
export function useDeliveries(state: string): Deliveries {
  const [rows, setRows] = useState<readonly Delivery[]>([]);
  const [whole, setWhole] = useState(false);
  const [problem, setProblem] = useState<string>();
  const asking = useRef<string>(undefined);

  const ask = useCallback(
    (after: string | undefined, before: readonly Delivery[]) => {
      const question = `${state} ${after ?? ''}`;
      if (asking.current === question) return;
      asking.current = question;
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(state === '' ? {} : { state }),
        ...(after === undefined ? {} : { after }),
      });
      call<readonly Delivery[]>(`/v1/operations/deliveries?${query}`)
        .then((page) => {
          // another state was asked for meanwhile
          if (asking.current !== question) return;
          setProblem(undefined);
          setRows([...before, ...page]);
          setWhole(page.length < PAGE);
        })
        .catch((error: unknown) => {
          asking.current = undefined;
          setProblem(problemOf(error).words);
        });
    },
    [state],
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
