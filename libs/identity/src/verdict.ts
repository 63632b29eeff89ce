/** From a question and INSi's answer to a verdict: pure, so that the same answer always gives the same verdict. */
import {
  BrokerError,
  type EvidenceCode,
  type IdentityQuestion,
  type IdentityStatus,
  type IdentityVerdict,
  type Ins,
  type Traits,
  type VerdictReason,
} from '#core';
import { compareTraits, differing, firstNamesFromList, type TraitComparison } from './compare.ts';
import { checkOid, type Environment, insKind, sameIns } from './ins.ts';
import type { InsiAnswer, InsiIdentity } from './insi/insi-search.ts';
import { DIFFERENCE_REASONS, type ReasonCode, reason } from './reasons.ts';
import { type IdentityState, identityState } from './status.ts';
import type { CheckedTraits } from './traits.ts';

export interface VerdictRules {
  /** high-trust evidence that makes an identity proven; a setting of the service, no default */
  acceptedEvidence: readonly EvidenceCode[];
  environment: Environment;
}

/** A question whose traits, matricule and attributes have passed their checks. */
export interface CheckedQuestion {
  traits: CheckedTraits;
  ins: Ins | undefined;
  attributes: IdentityVerdict['attributes'];
  evidenceSeen: IdentityQuestion['evidenceSeen'];
}

/** What came of the call, or why there was none. */
export type Asked = InsiAnswer | { outcome: 'unavailable' } | { outcome: 'not-asked'; because: ReasonCode };

/** @throws BrokerError `transport.bad-answer` (stop) for an answer that this environment must refuse or that holds no identity */
export function verdictOf(
  question: CheckedQuestion,
  asked: Asked,
  rules: VerdictRules,
  verifiedAt: string,
): IdentityVerdict {
  const found = asked.outcome === 'found' ? identityOf(asked, rules.environment) : undefined;
  const compared = found && compareTraits(question.traits.asSent, found.traits);
  const reasons = reasonsOf(question, asked, found, compared, rules);
  const inDoubt = reasons.some(({ code }) => DOUBTS.has(code));
  const state = stateOf({
    retrieved: found !== undefined && !inDoubt,
    proven: isProven(question, rules),
    attributes: question.attributes,
  });
  return {
    outcome: asked.outcome,
    status: state.status,
    attributes: state.attributes,
    ...(found === undefined ? {} : { ins: { ...found.ins }, traits: traitsOf(found, question) }),
    reasons,
    inDoubt,
    verifiedAt,
  };
}

/** Status once a person has released the identity: evidence proves it; the matricule counts only if the traits agree with INSi's. */
export function releasedStatus(verdict: IdentityVerdict, sent: Traits): IdentityStatus {
  const agree = verdict.traits !== undefined && differing(compareTraits(sent, verdict.traits)).length === 0;
  return stateOf({ retrieved: agree, proven: true, attributes: verdict.attributes }).status;
}

/** Reasons that only a person may settle. */
const DOUBTS: ReadonlySet<string> = new Set<ReasonCode>([
  'insi.several',
  'ins.differs',
  'ins.not-confirmed',
  ...Object.values(DIFFERENCE_REASONS),
]);

function reasonsOf(
  question: CheckedQuestion,
  asked: Asked,
  found: InsiIdentity | undefined,
  compared: TraitComparison | undefined,
  rules: VerdictRules,
): VerdictReason[] {
  const codes: ReasonCode[] = [asked.outcome === 'not-asked' ? asked.because : `insi.${asked.outcome}`];
  if (found?.keyMismatch === true) codes.push('insi.key-mismatch');
  if (found !== undefined && insKind(found.ins) === 'NIA') codes.push('insi.nia');
  if (question.ins !== undefined) codes.push(...suppliedIns(question.ins, asked, found));
  if (compared !== undefined) codes.push(...differing(compared).map((trait) => DIFFERENCE_REASONS[trait]));
  if (question.traits.birthDateUncertain) codes.push('traits.birth-date-uncertain');
  if (question.evidenceSeen !== undefined)
    codes.push(isProven(question, rules) ? 'evidence.accepted' : 'evidence.not-accepted');
  if (rules.environment === 'test') codes.push('environment.test');
  return codes.map(reason);
}

function suppliedIns(supplied: Ins, asked: Asked, found: InsiIdentity | undefined): ReasonCode[] {
  if (asked.outcome === 'none' || asked.outcome === 'several') return ['ins.not-confirmed'];
  if (found === undefined) return [];
  if (sameIns(supplied, found.ins)) return ['ins.confirmed'];
  return found.history.some((past) => sameIns(supplied, past)) ? ['ins.replaced'] : ['ins.differs'];
}

function isProven({ evidenceSeen }: CheckedQuestion, { acceptedEvidence }: VerdictRules): boolean {
  return evidenceSeen !== undefined && acceptedEvidence.includes(evidenceSeen);
}

/** INSi's traits: the first given name is taken from the list; used names are never filled (EXI ID 08, EXI PP 18). */
function traitsOf(found: InsiIdentity, { traits }: CheckedQuestion): Traits {
  const { birthName, firstNames, sex, birthDate, birthPlace } = found.traits;
  return {
    birthName,
    firstNames: firstNamesFromList(traits.asSent.firstNames[0] ?? '', firstNames),
    sex,
    birthDate,
    ...(birthPlace === undefined ? {} : { birthPlace }),
  };
}

function identityOf({ identity }: InsiAnswer, environment: Environment): InsiIdentity {
  const findings = identity === undefined ? [] : checkOid(identity.ins.oid, environment);
  if (identity === undefined || findings.length > 0)
    throw new BrokerError('transport.bad-answer', {
      next: 'stop',
      detail: 'Réponse INSi sans identité exploitable dans cet environnement.',
      findings,
    });
  return identity;
}

function stateOf(facts: Parameters<typeof identityState>[0]): IdentityState {
  const state = identityState(facts);
  if (!state.ok) throw new BrokerError('identity.invalid', { findings: state.findings });
  return state.value;
}
