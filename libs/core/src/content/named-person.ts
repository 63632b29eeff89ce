/** A person as the content of a flow names them, and what of it leaves once Relais has verified. */
import type { Finding } from '../errors.ts';
import type {
  EvidenceCode,
  IdentityQuestion,
  IdentityStatus,
  IdentityVerdict,
  Ins,
  Traits,
} from '../identity.ts';
import type { PartnerId } from '../partner.ts';
import { insKey } from './ins-key.ts';

/** `identityStatus` is the sender's word before Relais' verification, and Relais' own after it. */
export interface NamedPerson {
  traits: Traits;
  ins?: Ins;
  identityStatus: IdentityStatus;
  evidenceSeen?: EvidenceCode;
}

/** Each structure verifies for itself: what the sender claims is a question, not an answer. */
export function questionAbout(
  spsti: PartnerId,
  { traits, ins, evidenceSeen }: Omit<NamedPerson, 'identityStatus'>,
): IdentityQuestion {
  return {
    spsti,
    traits,
    ...(ins === undefined ? {} : { ins }),
    ...(evidenceSeen === undefined ? {} : { evidenceSeen }),
    startedBy: 'system',
  };
}

/** The traits as sent, the status that Relais verified, and the matricule only of a qualified identity. */
export function verifiedPerson(traits: Traits, verdict: IdentityVerdict | undefined): NamedPerson {
  const status = verdict?.status ?? 'PROV';
  const qualified = status === 'QUAL' && verdict?.ins !== undefined && !verdict.inDoubt;
  return { traits, identityStatus: status, ...(qualified ? { ins: verdict.ins } : {}) };
}

/** A matricule travels only with a qualified identity, and with its own key. Codes are the flow's: `<flow>.ins-key`. */
export function personFindings(
  { ins, identityStatus }: Pick<NamedPerson, 'ins' | 'identityStatus'>,
  at: string,
  flow: string,
): Finding[] {
  if (ins === undefined) return [];
  const qualified = identityStatus === 'QUAL';
  return [
    ...(qualified
      ? []
      : [
          {
            pointer: `${at}/ins`,
            code: `${flow}.ins-not-qualified`,
            detail: 'Le matricule INS ne voyage qu’avec une identité qualifiée.',
          },
        ]),
    ...(insKey(ins.value) === ins.key
      ? []
      : [
          {
            pointer: `${at}/ins/key`,
            code: `${flow}.ins-key`,
            detail: 'La clé ne correspond pas au matricule.',
          },
        ]),
  ];
}
