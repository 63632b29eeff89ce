/** Documents: from a `DocumentModel` to PDF/A bytes, a dossier in FHIR or CDA, and what a received PDF hides. */
export { readCda } from './cda/read-cda.ts';
export { writeSummary } from './cda/summary/write-summary.ts';
export { writeCda } from './cda/write-cda.ts';
export { createClinicalDocuments } from './clinical-documents.ts';
export { asTransaction, dmstBundle } from './fhir/dmst-bundle.ts';
export type { FhirOrigin } from './fhir/scope.ts';
export { supportBundle } from './fhir/support-bundle.ts';
export type { CodeSystems } from './fhir/systems.ts';
export { createRenderer, type RendererOptions } from './pdf/renderer.ts';
