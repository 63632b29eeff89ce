import { type Finding, type IdentityStatus, type Ins, insFindings } from '#core';

/** Only a qualified identity carries a matricule, and a matricule carries its own key. */
export function checkIns(ins: Ins | undefined, status: IdentityStatus, pointer: string): Finding[] {
  return insFindings('dmst', ins === undefined ? undefined : { ...ins, status }, pointer);
}
