/** What a DMP keeps: lots, documents and which version is current, a record a person. */
import type { LotFault } from './check-lot.ts';

export type DossierState = 'active' | 'absent' | 'closed' | 'opposed';

export interface KeptDocument {
  entryId: string;
  uniqueId: string;
  /** CX */
  patient: string;
  sha1: string;
  status: 'Approved' | 'Deprecated';
  /** entryUUID of the version that took its place */
  replacedBy?: string;
  /** set of versions, by the CDA */
  setId: string;
  /** id of the CDA */
  cdaId: string;
}

export interface NewLot {
  setId: string;
  patient: string;
  documents: readonly Omit<KeptDocument, 'status' | 'patient'>[];
  /** entryUUIDs: the new one and that which it replaces */
  replaces?: { by: string; target: string };
}

export class Registry {
  readonly #sets = new Set<string>();
  readonly #documents = new Map<string, KeptDocument>();
  readonly #states = new Map<string, DossierState>();

  stateOf(matricule: string): DossierState {
    return this.#states.get(matricule) ?? 'active';
  }

  become(matricule: string, state: DossierState): void {
    this.#states.set(matricule, state);
  }

  get documents(): readonly KeptDocument[] {
    return [...this.#documents.values()];
  }

  /** The whole lot or nothing (ITI TF-3 §4.2.4.1). */
  keep(lot: NewLot): LotFault[] {
    const { replaces } = lot;
    const target = replaces === undefined ? undefined : this.#documents.get(replaces.target);
    const faults: LotFault[] = [
      ...(this.#sets.has(lot.setId)
        ? [{ errorCode: 'XDSDuplicateUniqueIdInRegistry', context: 'SubmissionSet.uniqueId' }]
        : []),
      ...lot.documents.flatMap((one) => {
        const known = this.documents.find(({ uniqueId }) => uniqueId === one.uniqueId);
        return known === undefined || known.sha1 === one.sha1
          ? []
          : [{ errorCode: 'XDSNonIdenticalHash', context: 'DocumentEntry.uniqueId' }];
      }),
      ...(replaces !== undefined && (target?.status !== 'Approved' || target.patient !== lot.patient)
        ? [{ errorCode: 'XDSReplaceFailed', context: 'Association' }]
        : []),
    ];
    if (faults.length > 0) return faults;
    this.#sets.add(lot.setId);
    for (const one of lot.documents)
      this.#documents.set(one.entryId, { ...one, patient: lot.patient, status: 'Approved' });
    if (target !== undefined && replaces !== undefined)
      this.#documents.set(target.entryId, { ...target, status: 'Deprecated', replacedBy: replaces.by });
    return [];
  }
}
