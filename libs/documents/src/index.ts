/** Documents: from a `DocumentModel` to PDF/A bytes, and what a received PDF hides. */
export { createRenderer, type RendererOptions } from './pdf/renderer.ts';
