/** Doubts of one service that cast doubt on each other: two persons under one number, one person under two names of it. */
import type { Ins, Traits } from '#core';
import { findCollisions, findDuplicates, type IdentityRecord } from './collisions.ts';
import type { TraitName } from './compare.ts';

/** What waits for a person, by what was sent: what INSi or a dossier says is not of the service's own base. */
export interface Waiting {
  id: string;
  sent: { traits: Traits; ins?: Ins };
}

export interface Alike {
  /** `collision`: one matricule, traits that differ; `duplicate`: the same traits, matricules that are not one and the same */
  kind: 'collision' | 'duplicate';
  ids: readonly string[];
  /** traits that do not all agree; none for a duplicate */
  differing: readonly TraitName[];
}

export function alikeAmong(waiting: readonly Waiting[]): Alike[] {
  const records = waiting.map(({ id, sent }): IdentityRecord => ({ ref: id, ...sent }));
  const named = new Set(records.flatMap(({ ref, ins }) => (ins === undefined ? [] : ref)));
  return [
    ...findCollisions(records).map(
      ({ refs, differing }): Alike => ({ kind: 'collision', ids: refs, differing }),
    ),
    ...findDuplicates(records)
      // the same in every way is one request to several services, or asked again; and nothing tells apart who has no matricule
      .filter(({ ins, refs }) => ins !== 'same' && refs.some((ref) => named.has(ref)))
      .map(({ refs }): Alike => ({ kind: 'duplicate', ids: refs, differing: [] })),
  ];
}
