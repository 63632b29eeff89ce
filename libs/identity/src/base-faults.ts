/** Faults of a service's identity base, record by record: what its identity-vigilance cell is to look at. */
import type { VerdictReason } from '#core';
import { findCollisions, findDuplicates, type IdentityRecord } from './collisions.ts';
import { reason } from './reasons.ts';

/** Other records named beside one: a whole base under one matricule must not make a message of its square. */
export const NAMED_MAX = 20;

export interface BaseFaults {
  /** refs of records with the same matricule, where not all have the same traits */
  collidesWith?: readonly string[];
  /** refs of records with the same traits */
  duplicates?: readonly string[];
  reasons: readonly VerdictReason[];
}

/** By ref; a record without a fault is absent. Of each list the first NAMED_MAX, in the order of the records. */
export function baseFaults(records: readonly IdentityRecord[]): ReadonlyMap<string, BaseFaults> {
  const collisions = othersByRef(findCollisions(records));
  const duplicates = othersByRef(findDuplicates(records));
  const faults = new Map<string, BaseFaults>();
  for (const { ref } of records) {
    const [collidesWith, same] = [collisions.get(ref), duplicates.get(ref)];
    if (collidesWith === undefined && same === undefined) continue;
    faults.set(ref, {
      ...(collidesWith === undefined ? {} : { collidesWith }),
      ...(same === undefined ? {} : { duplicates: same }),
      reasons: [
        ...(collidesWith === undefined ? [] : [reason('base.collision')]),
        ...(same === undefined ? [] : [reason('base.duplicate')]),
      ],
    });
  }
  return faults;
}

function othersByRef(groups: readonly { refs: readonly string[] }[]): Map<string, readonly string[]> {
  const others = new Map<string, readonly string[]>();
  for (const { refs } of groups) {
    for (const ref of refs) {
      const beside = refs.slice(0, NAMED_MAX + 1).filter((other) => other !== ref);
      const known = others.get(ref) ?? [];
      others.set(ref, [...new Set([...known, ...beside])].slice(0, NAMED_MAX));
    }
  }
  return others;
}
