import { expect, it } from 'vitest';
import type { Content, HookContext, IdentityVerdict } from '#core';
import { flow } from './index.ts';
import minimal from './samples/valid/extract.minimal-without-ins.json' with { type: 'json' };
import full from './samples/valid/extract.pre-return.json' with { type: 'json' };

const { hooks, schemas } = flow;

function json(value: unknown): Content {
  return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(value)), json: value };
}

function aVerdict(changes: Partial<IdentityVerdict>): IdentityVerdict {
  const verifiedAt = '2026-11-22T08:00:00.000Z';
  return {
    outcome: 'found',
    status: 'PROV',
    attributes: [],
    reasons: [],
    inDoubt: false,
    verifiedAt,
    ...changes,
  };
}

function divided(value: unknown, verdict: IdentityVerdict) {
  const context: HookContext = {
    messageId: 'm-1',
    sender: { id: 'spsti-a', name: 'SPSTI A' },
    receivedAt: '2026-11-22T08:00:00.000Z',
    digest: 'sha-256:0',
    verdict,
    tools: {} as HookContext['tools'],
  };
  const parts = hooks['extract']?.divide?.(json(value), context).parts ?? [];
  const [data, page] = parts;
  const document = page?.document;
  return {
    audiences: parts.map(({ audience }) => audience),
    told: JSON.parse(Buffer.from(data?.bytes ?? '').toString()) as typeof full,
    document,
    text: JSON.stringify(document),
  };
}

it('asks about the person in the name of the service that sends', () => {
  expect(hooks['extract']?.identity?.(json(full), 'spsti-a', ['cnam-medical'])).toMatchObject({
    spsti: 'spsti-a',
    traits: full.person.traits,
    evidenceSeen: 'CN',
  });
});

it('goes as data and as a page, with the matricule of a qualified identity and without the evidence seen', () => {
  const ins = full.person.ins;
  const { audiences, told, document, text } = divided(full, aVerdict({ status: 'QUAL', ins }));
  // the third for a mail
  expect(audiences).toEqual(['enc', 'enc', 'enc']);
  expect(told.person).toEqual({ traits: full.person.traits, identityStatus: 'QUAL', ins });
  expect(told.preReturnVisit).toEqual(full.preReturnVisit);
  expect(document?.identity).toMatchObject({ birthName: 'ADRUN', status: 'QUAL', ins });
  for (const word of ['temps partiel thérapeutique', 'Soudeuse', 'Dr Anne PATRON', 'jusqu’au 17/08/2026'])
    expect(text).toContain(word);
});

it('shows no matricule that the sender alone holds for qualified', () => {
  const { told, document, text } = divided(full, aVerdict({ status: 'RECUP', ins: full.person.ins }));
  expect(told.person).not.toHaveProperty('ins');
  expect(document?.identity).not.toHaveProperty('ins');
  expect(text).not.toContain(full.person.ins.value);
});

it('of little makes a page that says so', () => {
  const { text } = divided(minimal, aVerdict({ status: 'PROV' }));
  for (const word of [
    'Avis demandé.',
    'Aucune restriction prévue.',
    'Pas de visite de préreprise transmise.',
  ])
    expect(text).toContain(word);
});

it('has one schema for a reminder, whatever the flow', () => {
  expect(schemas['reminder']).toMatchObject({ required: ['exchange', 'requester', 'openedAt', 'deadline'] });
});
