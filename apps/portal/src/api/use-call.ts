import { useCallback, useEffect, useState } from 'react';
import { call, type Problem, problemOf } from './http.ts';

export interface Called<T> {
  value?: T;
  problem?: Problem;
  again(): void;
}

/** What a GET says, asked when the page opens. */
export function useCall<T>(path: string): Called<T> {
  const [said, setSaid] = useState<Omit<Called<T>, 'again'>>({});
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks once more
  useEffect(() => {
    let gone = false;
    call<T>(path)
      .then((value) => gone || setSaid({ value }))
      .catch((error: unknown) => gone || setSaid({ problem: problemOf(error) }));
    return () => {
      gone = true;
    };
  }, [path, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...said, again };
}
