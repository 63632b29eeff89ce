/** Documents: from a `DocumentModel` to PDF/A bytes, a dossier in FHIR, and what a received PDF hides. */
export { asTransaction, dmstBundle } from './fhir/dmst-bundle.ts';
export type { FhirOrigin } from './fhir/scope.ts';
export type { CodeSystems } from './fhir/systems.ts';
export { createRenderer, type RendererOptions } from './pdf/renderer.ts';
