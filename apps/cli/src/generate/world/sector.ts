import type { Job } from './jobs.ts';

export interface Sector {
  /** NAF rév. 2 */
  nafCode: string;
  nafLabel: string;
  /** share among establishments */
  weight: number;
  jobs: readonly Job[];
  /** agents of the State */
  state?: true;
  /** fewest workers */
  least?: number;
}
