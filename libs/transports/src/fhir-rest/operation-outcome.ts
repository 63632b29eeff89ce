/** What a FHIR server says of a refusal, told again without any of its words: they may repeat content. */

/** Codes of FHIR R4's IssueType that a refused creation may bring, in French. */
const ISSUES: Readonly<Record<string, string>> = {
  invalid: 'contenu invalide',
  structure: 'structure invalide',
  required: 'élément obligatoire absent',
  value: 'valeur refusée',
  invariant: 'règle non respectée',
  security: 'accès refusé',
  forbidden: 'accès refusé',
  processing: 'traitement impossible',
  'not-supported': 'non pris en charge',
  duplicate: 'déjà présent',
  'multiple-matches': 'plusieurs correspondances',
  'not-found': 'introuvable',
  'code-invalid': 'code inconnu',
  'business-rule': 'règle de gestion non respectée',
  conflict: 'conflit',
  extension: 'extension inconnue',
  'too-long': 'trop long',
};
const PLACE = /^[A-Za-z][A-Za-z0-9.[\]]{0,120}$/;
const MOST_ISSUES = 5;

interface OperationOutcome {
  resourceType: 'OperationOutcome';
  issue?: unknown;
}

export function isOperationOutcome(json: unknown): json is OperationOutcome {
  return isRecord(json) && json['resourceType'] === 'OperationOutcome';
}

/** `élément obligatoire absent (Bundle.entry[2].resource.code)`; codes of the standard and places only. */
export function outcomeInFrench({ issue }: OperationOutcome): string {
  const issues = Array.isArray(issue) ? issue.filter(isRecord) : [];
  const told = issues.slice(0, MOST_ISSUES).map(({ code, expression }) => {
    const word = typeof code === 'string' && Object.hasOwn(ISSUES, code) ? ISSUES[code] : 'autre motif';
    const [place] = Array.isArray(expression) ? expression : [];
    return typeof place === 'string' && PLACE.test(place) ? `${word} (${place})` : word;
  });
  return told.length === 0 ? 'motif non précisé' : [...new Set(told)].join(' ; ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
