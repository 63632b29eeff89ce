import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { WitnessVerdict } from './verdict.ts';
import { Verdict } from './verdict-view.tsx';

function shown(witness?: WitnessVerdict): string {
  const verdict = { entries: 9, seals: 4, emptied: 0, ...(witness === undefined ? {} : { witness }) };
  return renderToStaticMarkup(createElement(Verdict, { verdict }));
}

it('a seal pasted amiss says nothing against the journal', () => {
  expect(shown()).toContain('<h2>Le journal est intact.</h2>');
  expect(shown('unreadable')).toContain('<h2>Le journal est intact, mais votre sceau est illisible.</h2>');
  expect(shown('differs')).toContain('<h2>Le journal ne concorde pas avec votre sceau.</h2>');
  expect(shown('differs')).toContain('ou le sceau a été mal recopié');
});
