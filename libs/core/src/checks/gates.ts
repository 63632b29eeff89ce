/** Named gates: what must be recorded before anything leaves. Contracts name them, accept evaluates them. */
import type { Finding } from '../errors.ts';
import { nonOpposition } from './non-opposition.ts';

/** Empty = the gate is open. */
export type Gate = (json: unknown) => Finding[];

export const GATES: Readonly<Record<string, Gate>> = {
  'non-opposition': nonOpposition,
};
