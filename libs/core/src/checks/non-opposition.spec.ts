import { expect, it } from 'vitest';
import { nonOpposition } from './non-opposition.ts';

const gate = { informedAt: '2026-11-16T09:12:00Z', nonOpposition: true, recordedBy: 'Dr FICTIF' };

it('information and non-opposition recorded by somebody open the gate', () => {
  expect(nonOpposition({ legalGate: gate })).toEqual([]);
});

it.each([
  ['no record', {}, ['/legalGate']],
  ['not even an object', null, ['/legalGate']],
  ['an inherited record', Object.create({ legalGate: gate }), ['/legalGate']],
  ['an opposition', { legalGate: { ...gate, nonOpposition: false } }, ['/legalGate/nonOpposition']],
  ['a word for yes', { legalGate: { ...gate, nonOpposition: 'true' } }, ['/legalGate/nonOpposition']],
  ['nobody', { legalGate: { ...gate, recordedBy: undefined } }, ['/legalGate/recordedBy']],
  ['no date', { legalGate: { ...gate, informedAt: undefined } }, ['/legalGate/informedAt']],
])('%s leaves it shut', (_, json, pointers) => {
  const findings = nonOpposition(json);
  expect(findings.map(({ pointer }) => pointer)).toEqual(pointers);
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['gate.non-opposition-missing']));
});
