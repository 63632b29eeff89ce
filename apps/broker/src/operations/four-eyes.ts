/** Where a service wants it, a release takes two persons: the first one proposes, another one confirms. A refusal takes one. */
import type { HeldDecision, HeldProposal } from '#core';

/** `repeats`: who proposed it says it again, which confirms nothing */
export type Turn = 'settles' | 'confirms' | 'proposes' | 'repeats';

/** @param standing what was proposed and not settled; another evidence makes another proposal, in its place */
export function turnOf(
  { verdict, evidence, by }: Pick<HeldDecision, 'verdict' | 'evidence' | 'by'>,
  standing: HeldProposal | undefined,
  fourEyes: boolean,
): Turn {
  if (!fourEyes || verdict === 'refuse') return 'settles';
  if (standing === undefined || standing.evidence !== evidence) return 'proposes';
  return standing.by === by ? 'repeats' : 'confirms';
}
