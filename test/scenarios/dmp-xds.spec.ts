/** dmp-export by the DMP's own services: broker, simulator on the true wire, acknowledgement back to the sender. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dmpAgreements, dmpMandates, startDemoDmp } from '../../apps/cli/src/demo/channels/dmp.ts';
import type { Dmp } from '../../apps/simulators/src/dmp/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { depositing, dmpDocument, nextVersion } from '../builders/dmp.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const INS = '275126322074974';
const OVER = { from: '2025-01-01T00:00:00.000Z', to: '2025-12-31T00:00:00.000Z' };

let relais: TestRelais;
let dmp: Dmp;
let a: Spsti;

beforeAll(async () => {
  relais = await aRelais(
    { RELAIS_FEATURES: 'dmp-export' },
    {
      alsoKeysOf: ['dmp'],
      thirdService: true,
      agreements: async (demo) => {
        dmp = await startDemoDmp(demo, join(demo.home, 'dmp'));
        const b = dmpMandates(demo, 'spsti-b');
        const ofA = dmpMandates(demo, 'spsti-a');
        return {
          ...dmpAgreements(demo, dmp),
          // its mandate for the DMP is over
          'spsti-b': { mandate: { ...b, dmp: { ...b.dmp, ...OVER } } },
          // its seal was entrusted for something else
          'spsti-c': { mandate: { ...ofA, seal: { ...ofA.seal, scope: ['interops'] } } },
        };
      },
    },
  );
  a = await relais.service('spsti-a');
});
afterEach(() => {
  dmp.misbehave(undefined);
  dmp.become(INS, 'active');
});
afterAll(async () => {
  await relais.close();
  await dmp.close();
});

const problemsSince = (n: number) =>
  dmp.calls.slice(n).map(({ kind, problems }) => [kind, ...problems].join(' '));

describe('a document that goes into the DMP by its own services', () => {
  it('is kept there whole, and its sender gets its reference', async () => {
    const { send } = depositing(relais, a);
    const document = dmpDocument('exposures');
    const { acknowledgement, exchange, message } = await send(document);
    const kept = dmp.kept.find(({ cda }) => cda.id?.toLowerCase() === document.documentId);
    expect(acknowledgement).toEqual({
      outcome: 'accepted',
      reference: kept?.uniqueId,
      items: [{ code: 'visible' }],
    });
    expect(kept?.cda).toMatchObject({ type: 'SYNTH', patient: { birthName: 'ADRUN' } });
    expect(
      readFileSync(kept?.files[1] ?? '')
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(message).toMatchObject({ status: 'delivered' });
    expect(exchange).toMatchObject({ state: 'CLOSED' });
  });

  it('is deposited once its record is known to be there, each call under an assertion of its own', async () => {
    const before = dmp.calls.length;
    const { send, trace } = depositing(relais, a);
    const { message } = await send(dmpDocument('vaccinations'));
    expect(problemsSince(before)).toEqual(['existence', 'deposit']);
    const ids = dmp.calls.slice(before).map(({ assertionId }) => assertionId ?? '');
    expect(new Set(ids).size).toBe(2);
    const told = JSON.stringify(await trace(String(message['id'])));
    for (const id of ids) expect(told).toContain(id);
  });

  it('takes the place of the version before, which is current no more', async () => {
    const { send } = depositing(relais, a);
    const first = dmpDocument('exposures');
    const { acknowledgement: one } = await send(first);
    const { acknowledgement: two } = await send(nextVersion(first));
    expect(two).toMatchObject({ outcome: 'accepted', items: [{ code: 'visible' }, { code: 'replaced' }] });
    const status = (reference: unknown) =>
      dmp.documents().find(({ uniqueId }) => uniqueId === reference)?.status;
    expect([status(one['reference']), status(two['reference'])]).toEqual(['Deprecated', 'Approved']);
  });

  it('is refused when it replaces a version that the DMP does not have', async () => {
    const { send } = depositing(relais, a);
    const { acknowledgement, message, exchange } = await send(nextVersion(dmpDocument('exposures')));
    expect(acknowledgement).toEqual({ outcome: 'refused', items: [{ code: 'parent-unknown' }] });
    expect(message).toMatchObject({ status: 'refused' });
    expect(exchange).toMatchObject({ state: 'REFUSED', refusal: 'parent-unknown' });
  });

  it.each([
    ['absent', 'patient-unknown'],
    ['closed', 'dmp-closed'],
    ['opposed', 'opposition'],
  ] as const)('does not leave for a record that is %s', async (state, code) => {
    dmp.become(INS, state);
    const before = dmp.calls.length;
    const { send } = depositing(relais, a);
    const { acknowledgement, message } = await send(dmpDocument('conclusion'));
    expect(acknowledgement).toEqual({ outcome: 'refused', items: [{ code }] });
    expect(JSON.stringify(message)).toContain('transport.refused');
    expect(problemsSince(before)).toEqual(['existence']);
  });

  it('is refused under the id of another document', async () => {
    const { send } = depositing(relais, a);
    const first = dmpDocument('conclusion');
    await send(first);
    const { acknowledgement } = await send({
      ...dmpDocument('conclusion', { documentId: first.documentId }),
      conclusion: 'Autre conclusion.',
    });
    expect(acknowledgement).toEqual({ outcome: 'refused', items: [{ code: 'duplicate' }] });
  });

  it('never leaves without the consent of the person', async () => {
    const { post } = depositing(relais);
    const before = dmp.calls.length;
    const { consent: _, ...without } = dmpDocument('conclusion');
    expect(await post(without as never)).toMatchObject({
      status: 422,
      json: { code: 'gate.consent-missing' },
    });
    const no = dmpDocument('conclusion');
    expect(await post({ ...no, consent: { ...no.consent, given: false } })).toMatchObject({
      status: 422,
      json: { code: 'gate.consent-missing' },
    });
    expect(dmp.calls).toHaveLength(before);
  });
});

describe('a DMP that is not well', () => {
  it('and loses its answer has one document after the repeat, which its sender hears of once', async () => {
    dmp.misbehave('loses-answer-once');
    const before = dmp.calls.length;
    const { send } = depositing(relais, a);
    const document = dmpDocument('surveillance');
    const { acknowledgement, message } = await send(document);
    expect(acknowledgement).toMatchObject({ outcome: 'accepted', items: [{ code: 'visible' }] });
    expect(dmp.kept.filter(({ cda }) => cda.id?.toLowerCase() === document.documentId)).toHaveLength(1);
    expect(problemsSince(before)).toEqual([
      'existence',
      'deposit',
      'existence',
      'deposit XDSDuplicateUniqueIdInRegistry SubmissionSet.uniqueId',
    ]);
    const ids = dmp.calls.slice(before).map(({ assertionId }) => assertionId);
    expect(new Set(ids).size).toBe(4);
    expect(JSON.stringify(message)).toContain('déjà déposé');
  });

  it('and loses it for a version that replaces another has replaced it once', async () => {
    const { send } = depositing(relais, a);
    const first = dmpDocument('exposures');
    await send(first);
    dmp.misbehave('loses-answer-once');
    const { acknowledgement } = await send(nextVersion(first));
    expect(acknowledgement).toMatchObject({ items: [{ code: 'visible' }, { code: 'replaced' }] });
    expect(dmp.calls.at(-1)?.problems).toEqual([
      'XDSDuplicateUniqueIdInRegistry SubmissionSet.uniqueId',
      'XDSReplaceFailed Association',
    ]);
  });

  it.each(['busy', 'unavailable', 'fault'] as const)('and is %s is tried again until it is', async (how) => {
    dmp.misbehave(how);
    const { accepted, message, followed } = depositing(relais, a);
    const id = await accepted(dmpDocument('conclusion'));
    await eventually(async () => JSON.stringify(await message(id)).includes('retrying'));
    dmp.misbehave(undefined);
    expect((await followed(id)).acknowledgement).toMatchObject({ outcome: 'accepted' });
  });

  it('and does not believe the assertion leaves the document to an operator', async () => {
    dmp.misbehave('refuses-the-assertion');
    const { accepted, until } = depositing(relais);
    const dead = await until(await accepted(dmpDocument('conclusion')), 'dead');
    expect(JSON.stringify(dead)).toContain('transport.refused');
  });
});

describe('a service without what the DMP asks of it', () => {
  it.each([
    ['a mandate that is over', 'spsti-b'],
    ['a seal for something else', 'spsti-c'],
  ])('is told so: %s', async (_, sender) => {
    const before = dmp.calls.length;
    const { accepted, until } = depositing(relais, undefined, sender);
    const dead = await until(await accepted(dmpDocument('conclusion')), 'dead');
    expect(JSON.stringify(dead)).toContain('mandate.missing');
    expect(dmp.calls).toHaveLength(before);
  });
});

it('leaves no trace of a person in the log', () => {
  expect(relais.logged()).not.toMatch(/ADRUN|DUMONT|2751263220749|silice/);
});
