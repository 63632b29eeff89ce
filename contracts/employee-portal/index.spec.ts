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
import request from './samples/valid/copy-request.whole-file.json' with { type: 'json' };
import copy from './samples/valid/worker-view.copy-with-third-parties.json' with { type: 'json' };

function json(value: unknown): Content {
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(value)), json: value };
}

function divided(object: 'worker-view' | 'copy-request', value: unknown, verdict: Partial<IdentityVerdict>) {
  const verifiedAt = '2026-11-22T08:00:00.000Z';
  const context: HookContext = {
    messageId: 'm-1',
    sender: { id: 'spsti-a', name: 'SPSTI A' },
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
  const { parts, removed } = flow.hooks[object]?.divide?.(json(value), context) ?? { parts: [], removed: -1 };
  const text = Buffer.from(parts[0]?.bytes ?? '').toString();
  return { removed, told: JSON.parse(text) as typeof copy, page: JSON.stringify(parts[1]?.document) };
}

it('a view is verified for the service that sends it, a request for the service that gets it', () => {
  const asked = (object: string, value: unknown, sender: string, recipient: string) =>
    flow.hooks[object]?.identity?.(json(value), sender, [recipient])?.spsti;
  expect(asked('worker-view', copy, 'spsti-a', 'portail')).toBe('spsti-a');
  expect(asked('copy-request', request, 'portail', 'spsti-a')).toBe('spsti-a');
});

it('third parties are in neither the data nor the page, and counted', () => {
  const { removed, told, page } = divided('worker-view', copy, { status: 'QUAL', ins: copy.person.ins });
  expect(removed).toBe(2);
  expect(told).not.toHaveProperty('thirdPartyInfo');
  expect(page).not.toMatch(/Conflit|collègue|proche/);
  expect(told.documents).toEqual(copy.documents);
  for (const word of ['Fumées de soudage', 'Proposition d’aménagement de poste', 'vous-même', '08/12/2026'])
    expect(page).toContain(word);
});

it('what a portal receives is what the published schema says, which knows no third party', () => {
  const check = compileSchemas({
    ...flow,
    contract: {
      ...contract,
      objects: {
        told: { ...(contract.objects['worker-view'] as ObjectContract), schema: 'worker-view-delivered' },
      },
    },
  });
  const { told } = divided('worker-view', copy, { status: 'VALI' });
  expect(told.person).not.toHaveProperty('ins');
  expect(check('told', told)).toEqual([]);
  expect(check('told', { ...told, thirdPartyInfo: [] })).toMatchObject([
    { code: 'schema.additionalProperties' },
  ]);
});

it('a request reaches the service with the matricule that Relais verified, and not the portal’s word for it', () => {
  const known = divided('copy-request', request, { status: 'QUAL', ins: request.person.ins }).told;
  expect(known.person).toMatchObject({ identityStatus: 'QUAL', ins: request.person.ins });
  const doubtful = divided('copy-request', request, { status: 'RECUP', ins: request.person.ins }).told;
  expect(doubtful.person).toEqual({ traits: request.person.traits, identityStatus: 'RECUP' });
});
