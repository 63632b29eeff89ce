import type { Api } from '../api/schemas.ts';

export type Incoming = Api['IncomingRequest'];

/** What every act on a request does: tells what came of it, and asks how the request is now. */
export interface Acting {
  /** of the request */
  id: string;
  /** @param done said once it is */
  act(doing: () => Promise<unknown>, done: string): void;
  /** one at a time: none begins before another has its answer */
  isActing: boolean;
}
