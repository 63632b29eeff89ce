import type { Finding } from '../errors.ts';
import type { IdentityStatus, Ins } from '../identity.ts';
import { insKey } from './ins-key.ts';

/**
 * Only a qualified identity carries a matricule, and a matricule carries its own key.
 * @param family of the flow's codes: `<family>.ins-key`
 */
export function insFindings(
  family: string,
  ins: (Ins & { status?: IdentityStatus }) | undefined,
  pointer: string,
): Finding[] {
  if (ins === undefined) return [];
  return [
    ...(ins.status === 'QUAL'
      ? []
      : [
          {
            pointer,
            code: `${family}.ins-not-qualified`,
            detail: 'Le matricule INS ne voyage qu’avec une identité qualifiée.',
          },
        ]),
    ...(insKey(ins.value) === ins.key
      ? []
      : [
          {
            pointer: `${pointer}/key`,
            code: `${family}.ins-key`,
            detail: 'La clé ne correspond pas au matricule.',
          },
        ]),
  ];
}
