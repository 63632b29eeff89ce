import type { ClinicalDocuments } from '#core';
import { readCda } from './cda/read-cda.ts';
import { type Inspect, openXdm } from './xdm/open-xdm.ts';
import { packXdm } from './xdm/pack-xdm.ts';
import { submission } from './xds/submission.ts';

/** The port; `inspect` looks at the PDFs inside what is received. */
export function createClinicalDocuments({ inspect }: { inspect: Inspect }): ClinicalDocuments {
  return {
    readCda,
    submission: (order) => submission(order),
    packXdm,
    openXdm: (zip) => openXdm(zip, inspect),
  };
}
