/** What a document server's refusal is in the words of the flow's acknowledgement. */
interface Issue {
  code?: unknown;
  expression?: unknown;
}

/** @returns `duplicate` only when nothing else is wrong */
export function acknowledgementCodes(outcome: unknown): string[] {
  const { issue } = (outcome ?? {}) as { issue?: unknown };
  const issues = (Array.isArray(issue) ? issue : []) as (Issue | null)[];
  const codes = issues.map((one) => codeOf(one ?? {}));
  const told = [...new Set(codes)];
  if (told.length === 0) return ['metadata-invalid'];
  const others = told.filter((code) => code !== 'duplicate');
  return others.length === 0 ? told : others;
}

function codeOf({ code, expression }: Issue): string {
  const place = Array.isArray(expression) ? String(expression[0]) : '';
  if (code === 'duplicate') return 'duplicate';
  if (code === 'not-found' || code === 'conflict')
    return place.includes('relatesTo') ? 'parent-unknown' : 'patient-unknown';
  return 'metadata-invalid';
}
