import { useCallback, useEffect, useState } from 'react';
import { call, type Problem, problemOf } from './http.ts';

export interface Called<T> {
  value?: T;
  problem?: Problem;
  again(): void;
}

/** What a GET says, asked when the page opens. */
export function useCall<T>(path: string): Called<T> {
  const [said, setSaid] = useState<Omit<Called<T>, 'again'> & { path: string }>({ path });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks once more
  useEffect(() => {
    let gone = false;
    call<T>(path)
      .then((value) => gone || setSaid({ path, value }))
      .catch((error: unknown) => {
        const problem = problemOf(error);
        // what stands stays: a line that broke for a moment takes nobody's half-written form away
        if (!gone) setSaid((before) => (before.path === path ? { ...before, problem } : { path, problem }));
      });
    return () => {
      gone = true;
    };
  }, [path, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const { value, problem } = said;
  return { again, ...(value === undefined ? {} : { value }), ...(problem === undefined ? {} : { problem }) };
}
