import { describe, expect, it } from 'vitest';
import type { Content, HookContext, IdentityStatus } from '#core';
import type { SupportOrigin, SupportSummary } from '#core/support-summary';
import { flow } from './index.ts';
import health from './samples/valid/summary.health.json' with { type: 'json' };
import social from './samples/valid/summary.social.json' with { type: 'json' };

const SAMPLES = { health, social };
type Sample = keyof typeof SAMPLES;

function contentOf(name: Sample): Content {
  const json: unknown = SAMPLES[name];
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
}

/** What the flow hands over to be written in FHIR. */
function handedOver(name: Sample, status?: IdentityStatus) {
  const asked: { summary: SupportSummary; origin: SupportOrigin }[] = [];
  const context = {
    messageId: '019abc00-0000-7000-8000-000000000001',
    receivedAt: '2026-05-12T10:00:00.000Z',
    ...(status === undefined ? {} : { verdict: { status } }),
    tools: {
      supportInFhir: (summary: SupportSummary, origin: SupportOrigin) => {
        asked.push({ summary, origin });
        return new Uint8Array([1]);
      },
    },
  } as unknown as HookContext;
  const divided = flow.hooks['summary']?.divide?.(contentOf(name), context);
  return { divided, ...(asked[0] as (typeof asked)[number]) };
}

describe('what leaves for an establishment', () => {
  it('holds the vaccinations for health professionals', () => {
    const { summary, divided } = handedOver('health');
    expect(summary.vaccinations).toHaveLength(1);
    expect(divided).toMatchObject({
      removed: 0,
      parts: [{ audience: 'enc', mediaType: 'application/fhir+json' }],
    });
  });

  it('holds the conclusions only for social professionals, and counts what went', () => {
    const { summary, divided } = handedOver('social');
    expect(summary).not.toHaveProperty('vaccinations');
    expect(summary.capacities).toHaveLength(3);
    expect(divided?.removed).toBe(1);
  });

  it('is under the status that Relais found, the lowest when it asked nobody', () => {
    expect(handedOver('health', 'QUAL').origin.status).toBe('QUAL');
    expect(handedOver('health').origin.status).toBe('PROV');
  });

  it('asks about the worker with the evidence that was seen', () => {
    expect(flow.hooks['summary']?.identity?.(contentOf('health'), 'spsti-a', ['esms-1'])).toEqual({
      spsti: 'spsti-a',
      traits: {
        birthName: 'ADRUN',
        firstNames: ['ZOE'],
        sex: 'F',
        birthDate: '1975-12-31',
        birthPlace: '63220',
      },
      ins: { value: '2751263220749', key: '74', oid: '1.2.250.1.213.1.4.8' },
      evidenceSeen: 'CN',
      startedBy: 'system',
    });
  });
});
