/** In whose name the INSi client calls, and what never leaves. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InsiMandate } from '#core';
import { testAuthority } from '../builders/insi-certificates.ts';
import {
  anInsiService,
  EMITTER,
  failure,
  IDAM,
  type InsiService,
  ISSUER,
  NIR,
  NOBODY,
  PERSON,
  SYSTEM,
  signal,
  ZOE,
} from '../builders/insi-service.ts';

let insi: InsiService;
beforeAll(async () => {
  insi = await anInsiService();
});
afterEach(() => insi.simulator.behave({}));
afterAll(() => insi.close());

describe('whose name a call is made in', () => {
  it('is MANU for a person and AUTO for the system, with the mandate’s own numbers and fresh ids', async () => {
    const client = insi.client();
    await client.search(NOBODY, PERSON, signal);
    await client.search(NOBODY, SYSTEM, signal);
    const [manu, auto] = insi.simulator.calls().slice(-2);
    expect(manu).toMatchObject({ certificate: 'INSI-MANU', idam: IDAM, emitter: EMITTER });
    expect(auto).toMatchObject({ certificate: 'INSI-AUTO', idam: IDAM, emitter: EMITTER });
    expect(manu?.messageId).not.toBe(auto?.messageId);
  });

  it('is never another service’s: two mandates never share a connection', async () => {
    const manu = await insi.authority.client('CN=INSI-MANU, OU=10B0000002, C=FR');
    const other = { ...insi.mandate, manu, emitter: '10B0000002' };
    const client = insi.client({ mandateOf: (spsti) => (spsti === 'spsti-b' ? other : insi.mandate) });
    await Promise.all([
      client.search(NOBODY, PERSON, signal),
      client.search(NOBODY, { ...PERSON, spsti: 'spsti-b' }, signal),
    ]);
    const emitters = insi.simulator
      .calls()
      .slice(-2)
      .map(({ emitter }) => emitter);
    expect(emitters.toSorted()).toEqual(['10B0000001', '10B0000002']);
  });

  async function refusal(mandate: InsiMandate | undefined, more = {}): Promise<string> {
    const before = insi.simulator.calls().length;
    const error = await failure(
      insi.client({ mandateOf: () => mandate, ...more }).search(ZOE, PERSON, signal),
    );
    expect([error.code, error.next]).toEqual(['insi.access-refused', 'stop']);
    expect(insi.simulator.calls()).toHaveLength(before);
    return (error.cause as Error).message;
  }

  it('is refused before any call when the mandate does not allow it', async () => {
    const { mandate, authority } = insi;
    const { manu: _, ...autoOnly } = mandate;
    const pair = async (dn: string, hours?: { from: number; to: number }): Promise<InsiMandate> => ({
      ...mandate,
      manu: await authority.client(dn, hours),
    });
    expect(await refusal(undefined)).toMatch('no mandate');
    expect(await refusal(autoOnly)).toMatch('no INSI-MANU');
    expect(await refusal({ ...mandate, to: '2021-01-01T00:00:00.000Z' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, from: '2099-01-01T00:00:00.000Z' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, to: 'someday' })).toMatch('outside its dates');
    expect(await refusal({ ...mandate, manu: mandate.auto as never })).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU-2'))).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU, CN=INSI-AUTO'))).toMatch('subject CN');
    expect(await refusal(await pair('O=CN=INSI-MANU'))).toMatch('subject CN');
    expect(await refusal(await pair('CN=INSI-MANU, OU=10B9999999'))).toMatch('subject OU');
    expect(await refusal(await pair('CN=INSI-MANU', { from: -24, to: -1 }))).toMatch(
      'certificate outside its dates',
    );
    expect(await refusal(await pair('CN=INSI-MANU', { from: 1, to: 24 }))).toMatch(
      'certificate outside its dates',
    );
    const key = mandate.auto?.key as string;
    const certificate = mandate.manu?.certificate as string;
    expect(await refusal({ ...mandate, manu: { certificate, key } })).toMatch('key of another certificate');
    expect(await refusal({ ...mandate, manu: { certificate: 'PKCS#12', key } })).toMatch('unreadable');
  });

  it('is refused under a test authority unless the setting opens it', async () => {
    const test = await testAuthority(`TEST ${ISSUER}`);
    const mandate = { ...insi.mandate, manu: await test.client(`CN=INSI-MANU, OU=${EMITTER}`) };
    const named = { acceptedIssuers: [`TEST ${ISSUER}`] };
    expect(await refusal(mandate)).toMatch('issuer CN');
    expect(await refusal(mandate, named)).toMatch('issuer CN');
    expect(await refusal(insi.mandate, { acceptedIssuers: undefined })).toMatch('issuer CN');
    // opened: the name passes, and only the service's own TLS is left to refuse that authority
    const opened = insi.client({ mandateOf: () => mandate, allowTestAnchors: true });
    const error = await failure(opened.search(ZOE, PERSON, signal));
    expect((error.cause as Error).message).toMatch(/^INSi call: /);
  });

  it('is refused by the service when IDAM or certificate are not known to it', async () => {
    const unknown = insi.client({ mandateOf: () => ({ ...insi.mandate, idam: 'XX00TEST0000' }) });
    const error = await failure(unknown.search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['insi.access-refused', 'stop']);
    expect(error.detail).toContain('desir_550');
    expect(
      (
        await failure(
          unknown.verify(
            { ins: { value: '2751263220749', key: '74', oid: NIR }, traits: ZOE },
            PERSON,
            signal,
          ),
        )
      ).code,
    ).toBe('insi.access-refused');
  });

  it('is never put on a wire in clear', () => {
    for (const more of [
      { url: 'http://localhost/lps' },
      { verificationUrl: 'http://localhost/verification' },
    ]) {
      expect(() => insi.client(more)).toThrow('configuration.invalid');
    }
  });

  it('is not shown to a server that is not the teleservice', async () => {
    const stranger = await testAuthority('Another authority');
    const before = insi.simulator.calls().length;
    const error = await failure(insi.client({ ca: stranger.certificate }).search(ZOE, PERSON, signal));
    expect([error.code, error.next]).toEqual(['insi.unavailable', 'retry']);
    expect(insi.simulator.calls()).toHaveLength(before);
    const elsewhere = insi.client({ serverName: 'insi.example' });
    expect((await failure(elsewhere.search(ZOE, PERSON, signal))).code).toBe('insi.unavailable');
  });
});

describe('traits that the service would not take', () => {
  it.each([
    [{ ...ZOE, birthName: 'Adrun' }, '/birthName'],
    [{ ...ZOE, birthName: 'ADRUN</NomNaissance>' }, '/birthName'],
    [{ ...ZOE, firstNames: [] }, '/firstNames'],
    [{ ...ZOE, firstNames: ['ZOÉ'] }, '/firstNames/0'],
    [{ ...ZOE, firstNames: ['ZOE', 'ANNE--MARIE'] }, '/firstNames/1'],
    [{ ...ZOE, sex: 'I' as const }, '/sex'],
    [{ ...ZOE, birthDate: '31/12/1975' }, '/birthDate'],
    [{ ...ZOE, birthPlace: '6322' }, '/birthPlace'],
  ])('are refused before any call (%#)', async (sent, pointer) => {
    const before = insi.simulator.calls().length;
    const error = await failure(insi.client().search(sent, PERSON, signal));
    expect([error.code, error.next]).toEqual(['identity.invalid', 'reject']);
    expect(error.findings.map((finding) => finding.pointer)).toEqual([pointer]);
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});

describe('the door of the simulator', () => {
  it('opens to no one without a certificate of its authority', async () => {
    const stranger = await testAuthority(ISSUER);
    const manu = await stranger.client(`CN=INSI-MANU, OU=${EMITTER}`);
    const before = insi.simulator.calls().length;
    const client = insi.client({ mandateOf: () => ({ ...insi.mandate, manu }) });
    // TLS 1.3 tells a refused client late: as an alert, or as a connection that closes
    expect(['insi.access-refused', 'insi.unavailable']).toContain(
      (await failure(client.search(ZOE, PERSON, signal))).code,
    );
    expect(insi.simulator.calls()).toHaveLength(before);
  });
});
