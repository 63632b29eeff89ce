import { expect, it } from 'vitest';
import {
  type Content,
  compileSchemas,
  type HookContext,
  type IdentityVerdict,
  type ObjectContract,
} from '#core';
import { contract } from './contract.ts';
import { flow } from './index.ts';
import long from './samples/valid/notice.long-with-medical-reason.json' with { type: 'json' };

const hooks = flow.hooks['notice'];

function json(value: unknown): Content {
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(value)), json: value };
}

function divided(verdict: Partial<IdentityVerdict>) {
  const verifiedAt = '2026-11-22T08:00:00.000Z';
  const context: HookContext = {
    messageId: 'm-1',
    sender: { id: 'cnam', name: 'CNAM' },
    receivedAt: verifiedAt,
    digest: 'sha-256:0',
    verdict: {
      outcome: 'found',
      status: 'PROV',
      attributes: [],
      reasons: [],
      inDoubt: false,
      verifiedAt,
      ...verdict,
    },
    tools: {} as HookContext['tools'],
  };
  const { parts, removed } = hooks?.divide?.(json(long), context) ?? { parts: [], removed: -1 };
  const text = Buffer.from(parts[0]?.bytes ?? '').toString();
  return { removed, text, told: JSON.parse(text) as typeof long & { derivedTasks: unknown[] } };
}

it('asks about the person in the name of the service that will receive, never of the fund', () => {
  expect(hooks?.identity?.(json(long), 'cnam', ['spsti-a'])).toMatchObject({
    spsti: 'spsti-a',
    traits: long.person.traits,
  });
});

it('keeps the notices of one episode in order', () => {
  expect(hooks?.orderKey?.(json(long))).toBe(long.stop.episodeId);
});

it('drops the three medical members, counts them, and adds the visits to plan', () => {
  const { removed, text, told } = divided({ status: 'QUAL', ins: long.person.ins });
  expect(removed).toBe(3);
  for (const secret of ['M54.4', 'sciatique', 'Repos strict', 'Reason', 'diagnosis'])
    expect(text).not.toContain(secret);
  expect(told.stop).toEqual(long.stop);
  expect(told.derivedTasks).toEqual([
    { visit: 'VPRE', rule: 'VPRE-30', dueBy: '2026-12-13' },
    { visit: 'VREP', rule: 'VREP-60', from: '2026-12-14', dueBy: '2026-12-22' },
  ]);
});

it('what is delivered is what the published schema says, which knows no medical member', () => {
  const check = compileSchemas({
    ...flow,
    contract: {
      ...contract,
      objects: { told: { ...(contract.objects['notice'] as ObjectContract), schema: 'notice-delivered' } },
    },
  });
  const { told } = divided({ status: 'RECUP' });
  expect(check('told', told)).toEqual([]);
  for (const name of ['medicalReason', 'diagnosis', 'prescriberReason'] as const)
    expect(check('told', { ...told, [name]: long[name] })).toMatchObject([
      { code: 'schema.additionalProperties' },
    ]);
});
