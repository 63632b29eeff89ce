/** The life of one request as server-sent events: its view each time that it changes. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface Watched {
  /** as its reader may see it now; what it throws ends the stream */
  view(): Promise<object>;
  /** the process ends */
  stopping(): boolean;
  /** id of the last event that the reader has, when it comes back */
  lastEventId: string | undefined;
}

const LOOK_MS = 400;
/** a comment now and then, so that nothing between takes the line for dead */
const PING_MS = 15_000;
/** then the reader asks again, as who it is by then: a session that ended is noticed by that time */
const LONGEST_MS = 60_000;

export async function* requestEvents({ view, stopping, lastEventId }: Watched): AsyncGenerator<string> {
  const end = Date.now() + LONGEST_MS;
  let last = lastEventId;
  let spoke = Date.now();
  // the reader comes back after this long
  yield 'retry: 1000\n\n';
  while (!stopping() && Date.now() < end) {
    const data = JSON.stringify(await view());
    const id = createHash('sha256').update(data).digest('base64url').slice(0, 16);
    if (id !== last) {
      yield `id: ${id}\nevent: request\ndata: ${data}\n\n`;
      last = id;
      spoke = Date.now();
    } else if (Date.now() - spoke > PING_MS) {
      yield ': là\n\n';
      spoke = Date.now();
    }
    await pause(LOOK_MS);
  }
}
