/** The work list of the identity-vigilance cell: what is shown of a doubt, and the decision that a person owes. */
import type { EvidenceCode, Finding, HeldDecision, IdentityVerdict, Ins, Traits, VerdictReason } from '#core';
import { accepted, type Checked, refused } from './checked.ts';
import { type Difference, differencesOf } from './differences.ts';
import { reason } from './reasons.ts';
import { releasedStatus } from './verdict.ts';

interface Named {
  traits: Traits;
  ins?: Ins;
}

/** JSON of HeldIdentity.details, under the vault: the only place where the two identities lie side by side. */
export type HeldContent = { sent: Named; verdict: IdentityVerdict } | { sent: Named; told: Named };

/** The same for the eye of a person, whoever says otherwise. */
export interface HeldDetails {
  /** the teleservice, or the dossier that came */
  by: 'insi' | 'source';
  sent: Named;
  /** whom INSi found, or whom the dossier names; absent when INSi found none or several */
  found?: Named;
  /** in French, without any trait */
  reasons: readonly VerdictReason[];
  differences: readonly Difference[];
}

export type Decision = Omit<HeldDecision, 'proposedBy'>;

const MAX_REASON_LENGTH = 1000;

export function heldDetails(held: HeldContent): HeldDetails {
  const { sent } = held;
  if ('told' in held) {
    const differences = differencesOf(sent, held.told);
    return { by: 'source', sent, found: held.told, reasons: [reason('subject.differs')], differences };
  }
  const { traits, ins, reasons } = held.verdict;
  if (traits === undefined) return { by: 'insi', sent, reasons, differences: [] };
  const found = { traits, ...(ins && { ins }) };
  return { by: 'insi', sent, found, reasons, differences: differencesOf(sent, found) };
}

/** A person's decision: who, on what evidence, and why; nothing is filled in by default. */
export function checkDecision(
  input: { [name in keyof Omit<Decision, 'at'>]?: unknown },
  rules: {
    /** absent: the doubt is about no identity, and no evidence settles it */
    acceptedEvidence?: readonly EvidenceCode[];
    at: string;
  },
): Checked<Decision> {
  const { verdict, evidence, reason: why, by } = input;
  const findings: Finding[] = [];
  if (verdict !== 'release' && verdict !== 'refuse')
    findings.push(finding('verdict', 'La décision est release ou refuse.'));
  const { acceptedEvidence } = rules;
  if (acceptedEvidence !== undefined && !acceptedEvidence.some((code) => code === evidence))
    findings.push(finding('evidence', 'La pièce vue est obligatoire et figure dans la liste acceptée.'));
  if (typeof why !== 'string' || why.trim() === '' || why.length > MAX_REASON_LENGTH)
    findings.push(finding('reason', `Le motif est obligatoire (${MAX_REASON_LENGTH} caractères au plus).`));
  else if (/\d{5}(\d\d|2[AB])\d{6}/i.test(why.replace(/[\s.-]/g, '')))
    findings.push(finding('reason', 'Le motif ne contient pas de matricule.'));
  if (typeof by !== 'string' || by.trim() === '')
    findings.push(finding('by', 'L’auteur de la décision est obligatoire.'));
  if (findings.length > 0) return refused(...findings);
  const seen = acceptedEvidence === undefined ? '' : evidence;
  return accepted({ verdict, evidence: seen, reason: why, by, at: rules.at } as Decision);
}

/**
 * The verdict after a release. The person's evidence proves the identity; it never makes Relais say a matricule
 * that INSi did not give for the very same traits: with traits that differ the identity is validée, without it.
 * A refusal leaves the verdict as it is, in doubt.
 */
export function applyDecision(verdict: IdentityVerdict, sent: Traits, decision: Decision): IdentityVerdict {
  if (decision.verdict === 'refuse') return verdict;
  return {
    ...verdict,
    status: releasedStatus(verdict, sent),
    inDoubt: false,
    reasons: [...verdict.reasons, reason('decision.released')],
  };
}

function finding(member: string, detail: string): Finding {
  return { pointer: `/${member}`, code: `decision.${member}`, detail };
}
