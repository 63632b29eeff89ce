/** What a registry's error means for a delivery (ITI TF-3 §4.2.4.1), and in which words its sender hears of it. */

export interface RegistryRefusal {
  /** of the flow's acknowledgement */
  code: string;
  detail: string;
}

const UNKNOWN_PATIENT = { code: 'patient-unknown', detail: 'Aucun DMP ne répond à ce matricule.' };
const CLOSED = { code: 'dmp-closed', detail: 'Ce DMP est fermé.' };
const OPPOSED = { code: 'opposition', detail: 'La personne s’oppose à l’alimentation de son DMP.' };
const METADATA = { code: 'metadata-invalid', detail: 'Métadonnées ou document refusés par le DMP.' };
const DUPLICATE = { code: 'duplicate', detail: 'Un autre document porte déjà cet identifiant.' };
const PARENT = {
  code: 'parent-unknown',
  detail: 'La version à remplacer est inconnue du DMP, ou déjà remplacée.',
};

export const REFUSALS: Readonly<Record<string, RegistryRefusal>> = {
  XDSUnknownPatientId: UNKNOWN_PATIENT,
  XDSPatientIdDoesNotMatch: METADATA,
  XDSRegistryMetadataError: METADATA,
  XDSRepositoryMetadataError: METADATA,
  XDSMissingDocument: METADATA,
  XDSMissingDocumentMetadata: METADATA,
  XDSInvalidDocumentContent: METADATA,
  XDSRegistryDuplicateUniqueIdInMessage: METADATA,
  XDSRepositoryDuplicateUniqueIdInMessage: METADATA,
  XDSNonIdenticalHash: DUPLICATE,
  XDSNonIdenticalSize: DUPLICATE,
  XDSReplaceFailed: PARENT,
  XDSRegistryDeprecatedDocumentError: PARENT,
  UnresolvedReferenceException: PARENT,
  // the DMP's own codes are not public: these two are those of the simulator
  'urn:relais:dmp:closed': CLOSED,
  'urn:relais:dmp:opposition': OPPOSED,
};

/** The lot's own id is there already. */
export const LOT_THERE = 'XDSDuplicateUniqueIdInRegistry';
export const LOT_OF_ANOTHER = DUPLICATE;

/** The same may pass later. */
export const LATER: readonly string[] = [
  'XDSRegistryBusy',
  'XDSRepositoryBusy',
  'XDSRegistryNotAvailable',
  'XDSRegistryOutOfResources',
  'XDSRepositoryOutOfResources',
  'XDSRegistryError',
  'XDSRepositoryError',
];

/** How the existence of a record forbids its feeding. */
export const STATE_REFUSALS = { absent: UNKNOWN_PATIENT, closed: CLOSED, opposed: OPPOSED } as const;
