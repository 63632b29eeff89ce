// RFC 6901 pointers where a step `*` stands for any member or item, as in `/workers/*/nextVisit`.
// Matching goes step by step: a walk of the document carries what is left of each pattern.
export type Steps = readonly string[];

/** TypeError when a pattern does not start with `/`: the whole document is nobody's member. */
export function parsePattern(pattern: string): Steps {
  if (!pattern.startsWith('/')) throw new TypeError('a pattern starts with /');
  return pattern
    .slice(1)
    .split('/')
    .map((step) => (step === '*' ? '*' : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

/** What is left of the patterns below a member; an empty one has arrived. */
export function below(patterns: readonly Steps[], member: string): readonly Steps[] {
  return patterns.filter(([step]) => step === '*' || step === member).map((steps) => steps.slice(1));
}

export function hasArrived(patterns: readonly Steps[]): boolean {
  return patterns.some((steps) => steps.length === 0);
}
