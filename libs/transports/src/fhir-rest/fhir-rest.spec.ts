import { afterAll, describe, expect, it } from 'vitest';
import type { Parcel } from '#core';
import { FhirRest } from './fhir-rest.ts';

/** Nobody listens there: what gets as far as the network is `transport.unreachable`. */
const NOWHERE = 'https://localhost:1/fhir';
const BUNDLE =
  '{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Basic"}}]}';

const transport = new FhirRest({
  tls: { cert: '', key: '', ca: '' },
  clock: { now: () => new Date('2026-11-22T08:00:00.000Z') },
  connectTimeoutMs: 500,
});
afterAll(() => transport.close());

/** `pieces`: clear content of each part, in order */
function send(pieces: readonly string[], endpoint: string | undefined = NOWHERE) {
  const parcel = {
    delivery: { id: 'd', createdAt: '2026-11-22T08:00:00.000Z' },
    message: { id: 'm', type: 't', sender: 's' },
    recipient: { endpoint },
    attempt: 1,
    parts: pieces.map((_, n) => ({ n })),
    openPart: ({ n }: { n: number }) => ({
      mediaType: 'application/fhir+json',
      content: Buffer.from(pieces[n] ?? ''),
    }),
  } as unknown as Parcel;
  return transport.send(parcel, AbortSignal.timeout(5_000));
}

describe('the FHIR channel, before it calls anybody', () => {
  it.each([undefined, 'http://localhost:1/fhir'])(
    'asks for a server that TLS protects: %s',
    async (endpoint) => {
      const parcel = { delivery: {}, message: {}, recipient: { endpoint }, parts: [] } as unknown as Parcel;
      await expect(transport.send(parcel, AbortSignal.timeout(100))).rejects.toMatchObject({
        code: 'configuration.invalid',
      });
    },
  );

  it('asks for the content again when it is gone', async () => {
    await expect(send([])).rejects.toMatchObject({ code: 'message.resend-needed', next: 'stop' });
  });

  it.each(['%PDF-1.4', '{"resourceType":"Patient"}', BUNDLE.replace('transaction', 'collection'), 'null'])(
    'sends nothing but a transaction: %s',
    async (content) => {
      await expect(send([content])).rejects.toMatchObject({ code: 'configuration.invalid', next: 'stop' });
    },
  );

  it('puts the pieces of a large bundle together, even where a cut parts a letter', async () => {
    await expect(send([BUNDLE])).rejects.toMatchObject({ code: 'transport.unreachable' });
    await expect(send([BUNDLE.slice(0, 30), BUNDLE.slice(30)])).rejects.toMatchObject({
      code: 'transport.unreachable',
    });
  });
});
