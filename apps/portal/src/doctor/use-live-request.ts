import { useEffect, useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import type { DmstRequest } from '../api/schemas.ts';

interface Live {
  request?: DmstRequest;
  problem?: string;
  /** the line is down, and is being taken up again */
  interrupted: boolean;
}

/** shorter breaks are not told */
const QUIET_MS = 4_000;

/** One request as it lives. The browser takes the line up again by itself, from the last event on. */
export function useLiveRequest(id: string): Live {
  const [live, setLive] = useState<Live>({ interrupted: false });
  useEffect(() => {
    const path = `/v1/dmst-requests/${encodeURIComponent(id)}`;
    const events = new EventSource(`${path}/events`);
    let saying: ReturnType<typeof setTimeout> | undefined;
    events.addEventListener('request', ({ data }) => {
      clearTimeout(saying);
      setLive({ request: JSON.parse(String(data)) as DmstRequest, interrupted: false });
    });
    events.onopen = () => {
      clearTimeout(saying);
      setLive((before) => ({ ...before, interrupted: false }));
    };
    events.onerror = () => {
      clearTimeout(saying);
      // each stream ends after a while, and the next begins a second later
      saying = setTimeout(() => setLive((before) => ({ ...before, interrupted: true })), QUIET_MS);
      // a line that was refused is not taken up again: why, is asked
      if (events.readyState !== EventSource.CLOSED) return;
      call<DmstRequest>(path)
        .then((request) => setLive({ request, interrupted: true }))
        .catch((error: unknown) => setLive({ problem: problemOf(error).words, interrupted: true }));
    };
    return () => {
      clearTimeout(saying);
      events.close();
    };
  }, [id]);
  return live;
}
