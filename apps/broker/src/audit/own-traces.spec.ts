import { describe, expect, it } from 'vitest';
import { BrokerError, type Partner } from '#core';
import { InteropsTraces, type StoredTrace } from '../interops/traces.ts';
import { OwnTraces } from './own-traces.ts';

const PERIOD = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
const START = Date.parse(PERIOD.from);

const entryAt = (n: number) => {
  const ms = (START + n).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
};
const aTrace = (n: number, sender: string): StoredTrace => ({
  entry: entryAt(n),
  at: new Date(START + n).toISOString(),
  kind: 'interops.vector-made',
  messageId: `message-of-${sender}`,
  details: { vector: `v${n}`, sender, issuer: 'urn:relais' },
});

/** Traces as the memory of flows keeps them: by partner and key, in pages. */
function ownTraces(kept: Record<string, StoredTrace[]>): OwnTraces {
  const unused = () => expect.fail('nothing is written');
  const records = {
    rememberedBetween: async (look: { partner: string; from: string; to: string; limit: number }) =>
      (kept[look.partner] ?? [])
        .filter(({ entry }) => `trace:${entry}` >= look.from && `trace:${entry}` < look.to)
        .slice(0, look.limit),
  };
  const traces = new InteropsTraces({ commit: unused }, records, { now: () => new Date() }, { next: unused });
  const partners = Object.keys(kept).map((id) => ({ id, channels: { 'interops-soap': {} } }) as Partner);
  const trace = async (asker: string, id: string) => {
    if (id !== `message-of-${asker}`) throw new BrokerError('not-found');
    return { id, flow: 'sick-leave', steps: [] } as never;
  };
  return new OwnTraces(traces, { trace }, { all: () => partners });
}

describe('INTEROPS traces of one organisation', () => {
  it('are those of its own agreement, and the vectors that others were shown in its name', async () => {
    const xml = await ownTraces({
      cnam: [aTrace(1, 'spsti-b'), aTrace(2, 'spsti-a')],
      'spsti-b': [aTrace(3, 'cnam')],
    }).xml('spsti-b', PERIOD);
    expect(xml).toContain('v1');
    expect(xml).toContain('v3');
    expect(xml).not.toContain('v2');
    expect(xml).toContain('message-of-spsti-b');
    expect(xml).not.toContain('message-of-spsti-a');
  });

  it('are all there, however many pages they fill', async () => {
    const many = Array.from({ length: 1_234 }, (_, n) => aTrace(n, 'spsti-b'));
    const xml = await ownTraces({ cnam: many }).xml('spsti-b', PERIOD);
    expect(xml.match(/<io:VerificationVI/g)).toHaveLength(1_234);
  });

  it('are refused rather than cut short', async () => {
    const many = Array.from({ length: 5_001 }, (_, n) => aTrace(n, 'spsti-b'));
    await expect(ownTraces({ cnam: many }).xml('spsti-b', PERIOD)).rejects.toMatchObject({
      code: 'event.malformed',
    });
  });
});
