import { type Finding, type IdentityStatus, type Ins, insKey } from '#core';
import { finding } from './finding.ts';

/** Only a qualified identity carries a matricule, and a matricule carries its own key. */
export function checkIns(ins: Ins | undefined, status: IdentityStatus, pointer: string): Finding[] {
  if (ins === undefined) return [];
  return [
    ...(status === 'QUAL' ? [] : [finding('dmst.ins-not-qualified', pointer)]),
    ...(insKey(ins.value) === ins.key ? [] : [finding('dmst.ins-key', `${pointer}/key`)]),
  ];
}
