/** pdf.js at work: each page a canvas, with its text over it. Scripts inside a document are never run. */
import { GlobalWorkerOptions, getDocument, TextLayer } from 'pdfjs-dist';

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href;

/** @param width of a page in CSS pixels. @throws what pdf.js says of a document that it cannot read */
export async function drawPdf(
  bytes: ArrayBuffer,
  place: HTMLElement,
  width: number,
  gone: () => boolean,
): Promise<void> {
  const loading = getDocument({ data: bytes, enableXfa: false, useSystemFonts: false });
  const document = await loading.promise;
  try {
    place.replaceChildren();
    for (let n = 1; n <= document.numPages && !gone(); n += 1) {
      const page = await document.getPage(n);
      const scale = width / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
      const sheet = globalThis.document.createElement('div');
      sheet.className = 'sheet';
      sheet.style.width = `${viewport.width}px`;
      sheet.style.height = `${viewport.height}px`;
      sheet.style.setProperty('--total-scale-factor', String(scale));
      const canvas = globalThis.document.createElement('canvas');
      const sharp = globalThis.devicePixelRatio || 1;
      canvas.width = Math.floor(viewport.width * sharp);
      canvas.height = Math.floor(viewport.height * sharp);
      canvas.setAttribute('aria-hidden', 'true');
      const text = globalThis.document.createElement('div');
      text.className = 'sheet-text';
      sheet.append(canvas, text);
      place.append(sheet);
      await page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] }).promise;
      await new TextLayer({
        textContentSource: page.streamTextContent(),
        container: text,
        viewport,
      }).render();
    }
  } finally {
    await loading.destroy();
  }
}
