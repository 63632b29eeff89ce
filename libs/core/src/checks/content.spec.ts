import { describe, expect, it } from 'vitest';
import { anEvent, essai } from '../../../../test/builders/flow.ts';
import type { BrokerError } from '../errors.ts';
import type { Partner } from '../partner.ts';
import type { Renderer } from '../ports.ts';
import { checkContent } from './content.ts';

const renderer: Renderer = {
  render: async () => Buffer.alloc(0),
  inspect: async (pdf) => (pdf.length > 5 ? [{ pointer: '', code: 'pdf.active', detail: 'Actif.' }] : []),
};

const told = (object: string, data: string | object, mediaType = 'application/json') => {
  const contract = essai.flow.contract.objects[object] as never;
  return checkContent(
    {
      partner: {} as Partner,
      event: anEvent(object),
      data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
      mediaType,
    },
    { inForce: essai, flow: 'essai', object, contract },
    renderer,
    { now: '2026-11-22T08:00:00.000Z', recipients: ['spsti-a'] },
  ).then(
    ({ json }) => json ?? 'no json',
    ({ code, findings }: BrokerError) => [
      code,
      ...findings.map((finding) => `${finding.pointer} ${finding.code}`),
    ],
  );
};

describe('content', () => {
  it('that conforms comes back parsed, and is not changed', async () => {
    expect(await told('note', { text: 'bonjour' })).toEqual({ text: 'bonjour' });
  });

  it('of a wrong shape is told by its shape: rules are not asked', async () => {
    expect(await told('note', { text: 'rule', more: 1 })).toEqual([
      'content.invalid',
      ' schema.additionalProperties',
    ]);
  });

  it('of a good shape is told by the rules', async () => {
    expect(await told('note', { text: 'rule' })).toEqual(['content.invalid', '/text essai.rule']);
  });

  it('behind a shut gate has the code of the gate', async () => {
    const gate = { informedAt: '2026-01-01T00:00:00Z', nonOpposition: true, recordedBy: 'Dr FICTIF' };
    expect(await told('gated', { text: 'x', legalGate: gate })).toMatchObject({ text: 'x' });
    expect(await told('gated', { text: 'x' })).toEqual([
      'gate.non-opposition-missing',
      '/legalGate gate.non-opposition-missing',
    ]);
  });

  it('behind a gate that nobody wrote never passes', async () => {
    expect(await told('shut', { text: 'x' })).toEqual(['content.invalid', ' gate.unknown']);
  });

  it('of a PDF must be inert, and is not read as JSON', async () => {
    expect(await told('note', '%PDF', 'application/pdf')).toBe('no json');
    expect(await told('note', '%PDF-1.7', 'application/pdf')).toEqual(['content.active', ' pdf.active']);
  });
});
