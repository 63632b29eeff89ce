import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contractHash, flowOf, flows } from '#contracts';
import type { BrokerError, Flow } from '#core';
import { readCampaigns, withCampaign } from './campaigns-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'campaigns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SUMER = { id: 'sumer-2030', opensAt: '2030-01-01T00:00:00.000Z', closesAt: '2030-06-30T22:00:00.000Z' };

function written(content: unknown): string {
  const file = join(folder, 'campaigns.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function wrong(content: unknown): string {
  try {
    readCampaigns(written(content), flows);
  } catch (error) {
    return (error as BrokerError).detail ?? '';
  }
  return 'nothing';
}

describe('the campaigns of this installation', () => {
  it('are those of the contracts when no file is named', () => {
    expect(readCampaigns(undefined, flows)).toEqual({});
  });

  it('replace the window of a contract, and its hash tells', () => {
    const flow = flowOf('sumer') as Flow;
    const changed = withCampaign(flow, readCampaigns(written({ sumer: SUMER }), flows));
    expect(changed.contract.campaign).toEqual(SUMER);
    expect(contractHash(changed)).not.toBe(contractHash(flow));
    expect(withCampaign(flow, {})).toBe(flow);
  });

  it('are refused as a whole, with every reason', () => {
    const detail = wrong({ sumer: { id: '', opensAt: '2030-01-01', closesAt: SUMER.opensAt }, insi: SUMER });
    expect(detail).toContain('/sumer/id');
    expect(detail).toContain('/sumer/opensAt');
    expect(detail).toContain('/insi: is no flow with campaigns');
  });

  it.each([
    ['that is no JSON', '{', 'it is not JSON'],
    ['that is a list', [], 'flow by flow'],
    [
      'that closes before it opens',
      { sumer: { ...SUMER, closesAt: SUMER.opensAt } },
      'must be after opensAt',
    ],
    [
      'of a day that does not exist',
      { sumer: { ...SUMER, closesAt: '2030-13-40T00:00:00.000Z' } },
      'instant',
    ],
  ])('are not read from a file %s', (_, content, says) => {
    expect(wrong(content)).toContain(says);
  });

  it('are not read from a file that is not there', () => {
    expect(() => readCampaigns(join(folder, 'absent.json'), flows)).toThrow();
  });
});
