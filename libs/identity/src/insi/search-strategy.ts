import type { TraitsCriteria } from './criteria.ts';
import type { InsiAnswer } from './insi-search.ts';
import type { OneAnswer } from './read-answer.ts';

/** COG of an unknown place: it narrows nothing. */
const UNKNOWN_PLACE = '99999';

/**
 * From wide to narrow (facts §1.4): each given name alone; as soon as one matches several persons, or when none
 * matched, all of them together; then, while several match, with the birth place. Stops at the first identity and
 * at the first error. It never chooses between several persons, and several stays several when the place finds none.
 */
export async function searchByStrategy(
  person: TraitsCriteria,
  ask: (criteria: TraitsCriteria) => Promise<OneAnswer>,
): Promise<InsiAnswer> {
  const { firstNames, birthPlace, ...rest } = person;
  let calls = 0;
  let several: TraitsCriteria | undefined;

  const attempt = async (criteria: TraitsCriteria): Promise<OneAnswer> => {
    const answer = await ask(criteria);
    calls += 1;
    if (answer.outcome === 'several') several = criteria;
    return answer;
  };

  for (const name of new Set(firstNames)) {
    const answer = await attempt({ ...rest, firstNames: [name] });
    if (answer.outcome === 'found') return { ...answer, calls };
    if (several !== undefined) break;
  }
  if (firstNames.length > 1) {
    const answer = await attempt({ ...rest, firstNames });
    if (answer.outcome === 'found') return { ...answer, calls };
  }
  if (several !== undefined && birthPlace !== undefined && birthPlace !== UNKNOWN_PLACE) {
    const answer = await attempt({ ...several, birthPlace });
    if (answer.outcome === 'found') return { ...answer, calls };
  }
  return { outcome: several === undefined ? 'none' : 'several', calls };
}
