/** The DMP's answer as hostile input: each has its code, none takes memory or time without end. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import type { DmpMisbehaviour } from '../../apps/simulators/src/dmp/index.ts';
import type { PdsmMisbehaviour } from '../../apps/simulators/src/pdsm/index.ts';
import { aDmpWire, type DmpWire, type Tampering } from '../builders/dmp-wire.ts';
import { anMhdWire, type MhdWire } from '../builders/mhd-wire.ts';

/** as long as a try of a loaded machine may take before its answer comes */
const PATIENCE_MS = 5_000;

let wire: DmpWire;
beforeAll(async () => {
  wire = await aDmpWire();
});
afterEach(() => wire.dmp.misbehave(undefined));
afterAll(() => wire.close());

async function thrown(how: DmpMisbehaviour, tampering: Tampering = {}) {
  wire.dmp.misbehave(how);
  try {
    return (await wire.deposit(tampering)).receipt.outcome;
  } catch (error) {
    return error instanceof BrokerError ? [error.code, error.next] : error;
  }
}

describe('an answer of the DMP', () => {
  it.each<[DmpMisbehaviour, string, string]>([
    ['doctype', 'xml.doctype', 'stop'],
    ['bomb', 'xml.doctype', 'stop'],
    ['html', 'transport.bad-answer', 'stop'],
    ['no-xml', 'transport.bad-answer', 'stop'],
    ['two-faced', 'transport.bad-answer', 'stop'],
    ['unclosed-multipart', 'transport.bad-answer', 'stop'],
    ['endless', 'transport.bad-answer', 'stop'],
    ['strange-code', 'transport.refused', 'stop'],
    ['refuses-the-assertion', 'transport.refused', 'stop'],
    ['fault', 'transport.unreachable', 'retry'],
    ['busy', 'transport.unreachable', 'retry'],
    ['unavailable', 'transport.unreachable', 'retry'],
    ['loses-answer', 'transport.unreachable', 'retry'],
  ])('that is %s is %s', async (how, code, next) => {
    expect(await thrown(how)).toEqual([code, next]);
  });

  it.each<DmpMisbehaviour>(['silent', 'drip'])('that is %s is given up with its try', async (how) => {
    const began = performance.now();
    expect(await thrown(how, { patience: PATIENCE_MS })).toEqual(['transport.unreachable', 'retry']);
    expect(performance.now() - began).toBeGreaterThan(PATIENCE_MS - 100);
  });

  it('that has no end is read no further than a megabyte or so', async () => {
    const before = process.memoryUsage().rss;
    expect(await thrown('endless')).toEqual(['transport.bad-answer', 'stop']);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  it('tells nothing of its words: an error holds codes and no text of the other side', async () => {
    wire.dmp.misbehave('html');
    const error = await wire.deposit().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(BrokerError);
    expect(JSON.stringify([String(error), (error as BrokerError).detail])).not.toContain('Maintenance');
  });
});

describe('whoever stands in the place of the DMP', () => {
  it('is not believed without a certificate of the health network', async () => {
    const other = await aDmpWire();
    try {
      const error = await wire
        .deposit({ channel: { endpoint: other.dmp.endpoint, existence: undefined } as never })
        .catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'transport.unreachable', next: 'retry' });
      expect(other.dmp.calls).toHaveLength(0);
    } finally {
      await other.close();
    }
  });
});

describe('an answer of a PDSm server', () => {
  let mhd: MhdWire;
  let drawn = 0;
  beforeAll(async () => {
    mhd = await anMhdWire(wire);
  });
  afterEach(() => mhd.pdsm.misbehave(undefined));
  afterAll(() => mhd.close());

  const id = () => `5d0a6c8e-54a0-4b39-9f0f-1f1f3f8f7${String(drawn++).padStart(3, '0')}`;

  it.each<[PdsmMisbehaviour, string, string]>([
    ['no-fhir', 'transport.bad-answer', 'stop'],
    ['creates-half', 'transport.bad-answer', 'stop'],
    ['redirects', 'transport.refused', 'stop'],
    ['forbidden', 'transport.refused', 'stop'],
    ['unavailable', 'transport.unreachable', 'retry'],
    ['huge', 'transport.unreachable', 'retry'],
    ['null', 'transport.unreachable', 'retry'],
  ])('that is %s is %s', async (how, code, next) => {
    mhd.pdsm.misbehave(how);
    expect(await mhd.publish('ITI-65', id()).catch((error: unknown) => error)).toMatchObject({ code, next });
    // a look-up comes first at a repeat: its answer is no more believed
    if (how === 'creates-half') return;
    expect(await mhd.publish('ITI-105', id(), 2).catch((error: unknown) => error)).toMatchObject({
      code,
      next,
    });
  });
});
