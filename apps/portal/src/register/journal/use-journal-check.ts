import { useCallback, useEffect, useRef, useState } from 'react';
import { problemOf, streamOf } from '../../api/http.ts';
import { checkJournal } from './check-journal.ts';
import type { JournalVerdict } from './verdict.ts';

type CheckState =
  | { kind: 'idle' }
  | { kind: 'running'; entries: number }
  | { kind: 'done'; verdict: JournalVerdict }
  | { kind: 'problem'; words: string };

/** entries between two words about it */
const STEP = 10_000;

/** One verification at a time; leaving the page stops it. */
export function useJournalCheck(): { state: CheckState; start(witness: string): void; stop(): void } {
  const [state, setState] = useState<CheckState>({ kind: 'idle' });
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => {
    running.current?.abort();
    running.current = undefined;
    setState({ kind: 'idle' });
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  const start = useCallback((witness: string) => {
    if (running.current !== undefined) return;
    const mine = new AbortController();
    running.current = mine;
    setState({ kind: 'running', entries: 0 });
    let said = 0;
    const told = (entries: number) => {
      // stopped meanwhile: what had already come is still read to its end
      if (running.current !== mine || entries < said + STEP) return;
      said = entries;
      setState({ kind: 'running', entries });
    };
    const end = (concluded: CheckState) => {
      // stopped meanwhile, or another has begun
      if (running.current !== mine) return;
      running.current = undefined;
      setState(concluded);
    };
    streamOf('/v1/journal/export', mine.signal)
      .then((chunks) => checkJournal(chunks, witness, told))
      .then((verdict) => end({ kind: 'done', verdict }))
      .catch((error: unknown) => end({ kind: 'problem', words: problemOf(error).words }))
      // what is left unread of a broken journal
      .finally(() => mine.abort());
  }, []);
  return { state, start, stop };
}
