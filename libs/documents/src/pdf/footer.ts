/** Reference, date and page x of y on every page, once their number is known. */
import type { DocumentModel } from '#core';
import type { Canvas } from './canvas.ts';
import { AUDIENCES, instant } from './french.ts';
import { CONTENT_WIDTH, PAGE, RULE, STYLES } from './theme.ts';

export function drawFooters(canvas: Canvas, model: DocumentModel): void {
  const style = STYLES.footer;
  const { count } = canvas.doc.bufferedPageRange();
  const line = canvas.lineHeight(style);
  const reference = canvas.lines(`Référence : ${model.reference}`, CONTENT_WIDTH, style).slice(0, 2);
  const left = `Établi le ${instant(model.date)} — ${AUDIENCES[model.audience].short}`;
  for (let index = 0; index < count; index++) {
    canvas.doc.switchToPage(index);
    const right = `Page ${index + 1} sur ${count}`;
    const y = PAGE.height - PAGE.bottom + 12;
    canvas.artifact(() => {
      canvas.rule(PAGE.left, y - 5, CONTENT_WIDTH, RULE);
      canvas.line(left, PAGE.left, y, style);
      const end = PAGE.left + CONTENT_WIDTH;
      canvas.line(right, end - canvas.width(right, STYLES.strong), y - 1.5, STYLES.strong);
      canvas.stack(reference, PAGE.left, y + line + 1, style);
    }, 'Pagination');
  }
}
