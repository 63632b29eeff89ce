/** Documents: from a `DocumentModel` to PDF/A bytes, a dossier in FHIR or CDA, and what a received PDF hides. */
export type { CdaCode, CdaDocument, CdaId, CdaPatient } from './cda/cda-document.ts';
export { CDA_CODES } from './cda/codes.ts';
export { writeCda } from './cda/write-cda.ts';
export { asTransaction, dmstBundle } from './fhir/dmst-bundle.ts';
export type { FhirOrigin } from './fhir/scope.ts';
export type { CodeSystems } from './fhir/systems.ts';
export { createRenderer, type RendererOptions } from './pdf/renderer.ts';
