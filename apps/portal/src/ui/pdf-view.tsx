import { useEffect, useRef, useState } from 'react';
import { Notice } from './notice.tsx';

/** CSS pixels; a page is drawn no wider */
const WIDEST = 960;

/**
 * A PDF, page under page, with its text for screen readers and for copying. The same on a tablet as on a laptop, which
 * browsers' own viewers are not. The viewer is fetched when the first document opens.
 */
export function PdfView({ pdf, title }: { pdf: Blob; title: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing');
  useEffect(() => {
    let gone = false;
    const draw = async () => {
      const { drawPdf } = await import('./draw-pdf.ts');
      const target = place.current;
      if (target === null || gone) return;
      await drawPdf(await pdf.arrayBuffer(), target, Math.min(WIDEST, target.clientWidth), () => gone);
    };
    draw()
      .then(() => gone || setState('drawn'))
      .catch(() => gone || setState('failed'));
    return () => {
      gone = true;
    };
  }, [pdf]);
  return (
    <>
      {state === 'drawing' && <p aria-live="polite">Mise en page…</p>}
      {state === 'failed' && (
        <Notice tone="problem">Ce navigateur n’a pas pu afficher le document : téléchargez-le.</Notice>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <div className="pdf" ref={place} role="document" aria-label={title} data-state={state} tabIndex={0} />
    </>
  );
}
