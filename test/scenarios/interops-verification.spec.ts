/** INTEROPS-A, called: what passes, and one refusal for each of the eleven steps, with its fault and its trace. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisationClient } from '../../apps/cli/src/demo/channels/interops.ts';
import type { Misbehaviour } from '../../apps/simulators/src/interops/index.ts';
import { aNotice, anInteropsWorld, entries, type InteropsWorld, noticeOf } from '../builders/interops.ts';
import { aSigner, type Signer } from '../builders/signers.ts';

let world: InteropsWorld;
/** of an authority that nobody here believes: itself */
let stranger: Signer;
beforeAll(async () => {
  world = await anInteropsWorld();
  stranger = await aSigner('etranger');
});
afterAll(() => world.close());

const sealOf = (id: string) => {
  const { seal } = world.relais.demo.paths.insi.mandate(id);
  return { certificate: readFileSync(seal.crt, 'utf8'), key: readFileSync(seal.key, 'utf8') };
};
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** what the journal says of the last vector that was refused */
const lastRefusal = () => entries(world.relais, 'interops.vector-refused').at(-1)?.details;

describe('a vector that passes the eleven steps', () => {
  it('brings its message to where any other way in would: same checks, same receipt, same idempotency', async () => {
    const json = aNotice();
    const first = await world.fund.transmit(noticeOf('arret-1', json));
    expect(first).toMatchObject({ status: 200 });
    expect(first.text('Statut')).toBe('accepte');
    const again = await world.fund.transmit(noticeOf('arret-1', json));
    expect(again.text('Statut')).toBe('deja-recu');
    expect(again.text('Message')).toBe(first.text('Message'));
    expect(again.text('Recepisse')).toBe(first.text('Recepisse'));
    const accepted = entries(world.relais, 'message.accepted').filter(
      ({ messageId }) => messageId === first.text('Message'),
    );
    expect(accepted).toHaveLength(1);
    expect(accepted[0]?.details).toMatchObject({ by: 'interops-soap' });
  });

  it('is traced: verified, then what it led to, under one reconciliation key', async () => {
    const answer = await world.fund.transmit(noticeOf('arret-trace'));
    const about = (kind: string) =>
      entries(world.relais, kind).find(({ details }) => details?.['vector'] === answer.vector);
    expect(about('interops.vector-verified')).toMatchObject({
      actor: 'cnam',
      details: {
        issuer: world.terms.issuer,
        operation: 'Transmettre',
        flow: 'sick-leave',
        verdict: 'accepted',
      },
    });
    expect(about('interops.applied')).toMatchObject({
      messageId: answer.text('Message'),
      details: { key: answer.text('CleReconciliation') },
    });
  });

  it('may carry a content beside the envelope, under the digest that is signed', async () => {
    const answer = await world.fund.transmit({ ...noticeOf('arret-piece'), beside: true });
    expect(answer.text('Statut')).toBe('accepte');
  });

  it('does not make a content pass that its contract refuses: the fault says where, never what', async () => {
    const answer = await world.fund.transmit(noticeOf('arret-faux', { ...aNotice(), agreement: undefined }));
    expect(answer).toMatchObject({ status: 400, code: 'gate.consent-missing' });
    expect(answer.xml).toContain('pointeur="/agreement/');
  });
});

describe('each step refuses, says its fault and nothing more, and leaves its reason in the trace', () => {
  const steps: [string, () => Misbehaviour, number, string, string, string][] = [
    [
      'no vector',
      () => ({ withoutVector: true }),
      1,
      'wsse:SecurityTokenUnavailable',
      'vector.missing',
      'no vector',
    ],
    [
      'no SAML 2.0',
      () => ({ tamper: (xml) => xml.replace('Version="2.0"', 'Version="1.1"') }),
      1,
      'wsse:InvalidSecurityToken',
      'vector.invalid',
      'not the profile of a vector',
    ],
    [
      'a vector without signature',
      () => ({ vector: { unsigned: true } }),
      2,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'no signature with its certificate',
    ],
    [
      'a value changed after the signature',
      () => ({ tamper: (xml) => xml.replace('>ST-ARRETS<', '>ST-RISQUES<') }),
      2,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'signature does not hold',
    ],
    [
      'SHA-1',
      () => ({ vector: { sha1: true } }),
      2,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'signature does not hold',
    ],
    [
      'a certificate of another authority',
      () => ({ vector: { seal: stranger } }),
      3,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'signer foreign',
    ],
    [
      'a vector that is over',
      () => ({ vector: { from: inMinutes(-10), until: inMinutes(-1) } }),
      4,
      'vi:InvalidVI',
      'vector.invalid',
      'no longer valid',
    ],
    [
      'a vector that is not yet good',
      () => ({ vector: { from: inMinutes(7), until: inMinutes(9) } }),
      4,
      'vi:InvalidVI',
      'vector.invalid',
      'not yet valid',
    ],
    [
      'another service',
      () => ({ vector: { audience: 'urn:un-autre:service' } }),
      5,
      'vi:InvalidService',
      'vector.invalid',
      'for another service',
    ],
    [
      'another provider',
      () => ({ vector: { recipient: 'urn:interops:sp:99000000900023:autre' } }),
      5,
      'vi:InvalidService',
      'vector.invalid',
      'for another service',
    ],
    [
      'the service of portals',
      () => ({ vector: { audience: world.terms.portal } }),
      5,
      'vi:InvalidService',
      'vector.invalid',
      'for another service',
    ],
    [
      'an authentication class that was not agreed',
      () => ({ vector: { authenticationClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password' } }),
      6,
      'vi:InvalidAuthLevel',
      'vector.invalid',
      'authentication class not agreed',
    ],
    ['no PAGM', () => ({ vector: { pagm: [] } }), 7, 'vi:InvalidPagm', 'vector.invalid', 'no pagm'],
    [
      'an issuer without agreement',
      () => ({ vector: { issuer: 'urn:interops:99000000600037:idp:inconnu:1' } }),
      8,
      'vi:InvalidIssuer',
      'vector.invalid',
      'no agreement with this issuer',
    ],
    [
      'a life longer than viDuree',
      () => ({ vector: { from: inMinutes(-1), until: inMinutes(6) } }),
      8,
      'vi:InvalidVI',
      'vector.invalid',
      'longer than the agreement allows',
    ],
    [
      'a signer of the right authority whom the agreement does not name',
      () => ({ vector: { seal: sealOf('cnam-medical') } }),
      9,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'signer not in the agreement',
    ],
    [
      'a Body that is not signed',
      () => ({ unsignedBody: true }),
      9,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'message not signed as agreed',
    ],
    [
      'a Body signed by somebody else',
      () => ({ bodySeal: sealOf('cnam-medical') }),
      9,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'message not signed as agreed',
    ],
    [
      'a message that is no longer fresh',
      () => ({ created: inMinutes(-15) }),
      9,
      'wsse:FailedCheck',
      'xml.signature-invalid',
      'message not signed as agreed',
    ],
    [
      'a PAGM that nobody agreed on',
      () => ({ vector: { pagm: ['ST-ARRETS', 'ST-TOUT'] } }),
      10,
      'vi:InvalidPagm',
      'vector.invalid',
      'pagm not agreed',
    ],
    [
      'a PAGM that does not open this flow',
      () => ({ vector: { pagm: ['ST-RISQUES'] } }),
      11,
      'io:DroitsInsuffisants',
      'flow.not-allowed',
      'no pagm opens it',
    ],
  ];

  it.each(steps)('%s', async (name, wrong, step, fault, code, reason) => {
    const before = entries(world.relais, 'message.accepted').length;
    const answer = await world.fund.transmit(noticeOf(`refus-${name}`), wrong());
    expect(answer).toMatchObject({ status: 400, fault, code });
    expect(lastRefusal()).toMatchObject({ step, fault, code, reason, verdict: 'refused' });
    // what is wrong is for the trace: whoever tries learns the code alone
    expect(answer.xml).not.toContain(reason);
    expect(entries(world.relais, 'message.accepted')).toHaveLength(before);
  });

  it('another partner’s software with a good vector', async () => {
    const thief = organisationClient(world.relais.demo, 'cnam-medical', world.relais.partnersUrl);
    const { id, xml } = world.fund.envelope('<io:Interroger xmlns:io="urn:relais:interops:1"/>');
    const answer = await thief.post(xml, id);
    await thief.close();
    expect(answer).toMatchObject({ fault: 'wsse:FailedCheck', code: 'xml.signature-invalid' });
    expect(lastRefusal()).toMatchObject({ step: 9, reason: 'brought by the software of another partner' });
    expect(entries(world.relais, 'interops.vector-refused').at(-1)?.actor).toBe('cnam-medical');
  });
});
