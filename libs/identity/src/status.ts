/** The RNIV status machine: two independent facts and three attributes give one of four statuses (EXI SI 07, 08, 09). */
import type { Finding, IdentityAttribute, IdentityStatus, IdentityVerdict, Ins } from '#core';
import { accepted, type Checked, refused } from './checked.ts';

export interface IdentityFacts {
  /** INSi gave the INS for these traits */
  retrieved: boolean;
  /** the traits agree with accepted evidence seen by a person */
  proven: boolean;
  attributes: readonly IdentityAttribute[];
}

export interface IdentityState {
  status: IdentityStatus;
  attributes: readonly IdentityAttribute[];
  /** douteuse and fictive block the call */
  mayAskInsi: boolean;
  /** only a qualified identity carries, or is referenced by, the matricule */
  mayCarryIns: boolean;
}

/** The status that the facts make, or a finding when the attributes exclude one another. */
export function identityState({ retrieved, proven, attributes }: IdentityFacts): Checked<IdentityState> {
  const findings = attributeFindings(attributes);
  if (findings.length > 0) return refused(...findings);
  const blocked = attributes.includes('douteuse') || attributes.includes('fictive');
  const status = blocked ? 'PROV' : statusOf(retrieved, proven);
  return accepted({ status, attributes, mayAskInsi: !blocked, mayCarryIns: status === 'QUAL' });
}

function statusOf(retrieved: boolean, proven: boolean): IdentityStatus {
  if (retrieved) return proven ? 'QUAL' : 'RECUP';
  return proven ? 'VALI' : 'PROV';
}

const ATTRIBUTES: readonly string[] = ['homonyme', 'douteuse', 'fictive'] satisfies IdentityAttribute[];

/** `homonyme` goes with any status and with `douteuse`; `fictive` combines with nothing (EXI ID 24/26, EXI SI 22). */
export function attributeFindings(attributes: readonly string[]): Finding[] {
  if (attributes.some((attribute) => !ATTRIBUTES.includes(attribute)))
    return [finding('attribute-unknown', 'Attribut d’identité inconnu.')];
  if (new Set(attributes).size < attributes.length)
    return [finding('attribute-repeated', 'Attribut d’identité répété.')];
  if (attributes.includes('fictive') && attributes.length > 1)
    return [finding('attributes-excluded', 'L’attribut fictive ne se combine avec aucun autre.')];
  return [];
}

/** The matricule that may leave Relais with this identity: INSi's, for a qualified and undisputed one, else none. */
export function insForTheWire(
  verdict: Pick<IdentityVerdict, 'status' | 'attributes' | 'ins' | 'inDoubt'>,
): Ins | undefined {
  const barred = verdict.attributes.includes('douteuse') || verdict.attributes.includes('fictive');
  return verdict.status === 'QUAL' && !verdict.inDoubt && !barred ? verdict.ins : undefined;
}

function finding(code: string, detail: string): Finding {
  return { pointer: '/attributes', code: `identity.${code}`, detail };
}
