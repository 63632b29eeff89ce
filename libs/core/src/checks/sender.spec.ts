/** source.ts and flow.ts: who speaks, and what it may send. */
import { describe, expect, it } from 'vitest';
import { anEvent, essai } from '../../../../test/builders/flow.ts';
import type { Incoming } from '../event.ts';
import type { Partner } from '../partner.ts';
import { checkFlow, checkSender } from './flow.ts';
import { checkSource } from './source.ts';

const partner = { id: 'spsti-b', kind: 'spsti', flows: ['essai'] } as unknown as Partner;
const incoming = (changes: Partial<Incoming['event']> = {}, as: Partial<Partner> = {}): Incoming => ({
  partner: { ...partner, ...as },
  event: anEvent('note', changes),
  data: Buffer.alloc(0),
  mediaType: 'application/json',
});
const flows = { of: (flow: string) => (flow === 'essai' ? essai : undefined) };
const codeOf = (check: () => unknown) => {
  try {
    check();
    return 'good';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the source', () => {
  it('is that of the partner whose certificate it came with, to the letter', () => {
    expect(codeOf(() => checkSource(incoming()))).toBe('good');
    for (const source of [
      'urn:relais:partner:spsti-a',
      'URN:relais:partner:spsti-b',
      'urn:relais:partner:spsti-b ',
      'urn:relais:broker',
    ])
      expect(codeOf(() => checkSource(incoming({ source })))).toBe('source.mismatch');
  });
});

describe('the type', () => {
  it('names a flow, an object and a version in force', () => {
    expect(checkFlow(incoming(), flows)).toMatchObject({
      flow: 'essai',
      object: 'note',
      contract: { major: 1 },
    });
  });

  it.each([
    'fr.relais-st.essai.note.v2',
    'fr.relais-st.essai.note.v01',
    'fr.relais-st.essai.nothing.v1',
    'fr.relais-st.nothing.note.v1',
    'fr.relais-st.essai.note',
    'FR.relais-st.essai.note.v1',
    'fr.relais-st.essai.constructor.v1',
    'fr.relais-st.essai.__proto__.v1',
    'fr.relais-st.essai.note.v1\n',
  ])('%j is of no flow', (type) => {
    expect(codeOf(() => checkFlow(incoming({ type }), flows))).toBe('flow.unknown');
  });

  it('may be sent by a partner of the right kind whose agreement opens the flow', () => {
    const named = checkFlow(incoming(), flows);
    expect(codeOf(() => checkSender(incoming(), named))).toBe('good');
    expect(codeOf(() => checkSender(incoming({}, { kind: 'hdh' }), named))).toBe('flow.not-allowed');
    expect(codeOf(() => checkSender(incoming({}, { flows: ['insi'] }), named))).toBe('flow.not-allowed');
  });
});
