/** Every call of a service that is asked for a dossier, each judged by the document. */
import { expect } from 'vitest';
import { askedOfA, aVendorPdf } from '../builders/incoming.ts';
import { aDmst } from '../builders/portability.ts';
import type { Answer, Asking, TestRelais } from '../builders/relais.ts';

/** a doctor whose requests nobody else counts */
const OF_A = { source: 'spsti-a', asker: 'doctor-b2', reader: 'doctor-a' } as const;

type Call = (path: string, asking?: Asking) => Promise<Answer>;

/** @param software of the service asked. @param doctor one of its physicians */
export async function callsOfASource(relais: TestRelais, software: Call, doctor: Call): Promise<void> {
  const { exchange } = await askedOfA(relais, {}, OF_A);
  const at = `/v1/incoming-requests/${exchange}`;
  const json = { headers: { 'content-type': 'application/json' } };
  expect((await doctor('/v1/incoming-requests')).json).not.toHaveLength(0);
  expect((await doctor('/v1/incoming-requests?state=mine')).status).toBe(400);
  expect((await doctor('/v1/incoming-requests/nothing')).status).toBe(404);

  const candidates = `/v1/exchanges/${exchange}/candidates`;
  const proposed = await software(candidates, { ...json, body: aDmst() });
  expect(proposed.status).toBe(201);
  expect((await software(candidates, { ...json, body: '{}' })).status).toBe(422);
  const pdf = {
    body: await aVendorPdf(),
    headers: { 'content-type': 'application/pdf', 'relais-lastvisit': '2024-02-01' },
  };
  expect((await doctor(`${at}/candidates`, pdf)).status).toBe(201);
  const text = { headers: { 'content-type': 'text/plain' }, body: 'a' };
  expect((await doctor(`${at}/candidates`, text)).status).toBe(415);
  expect((await doctor(at)).json['proposed']).toHaveLength(2);

  const release = { body: JSON.stringify({ candidate: proposed.json['id'] }) };
  expect((await doctor(`${at}/release`, release)).json).toMatchObject({ released: true });
  expect((await doctor(`${at}/release`, release)).status).toBe(409);
  expect((await doctor(`${at}/refuse`, { body: '{"code":"R03"}' })).status).toBe(409);
  expect((await doctor(`${at}/refuse`, { body: '{"code":"R09"}' })).status).toBe(422);

  const other = await askedOfA(relais, {}, OF_A);
  const refused = await doctor(`/v1/incoming-requests/${other.exchange}/refuse`, { body: '{"code":"R07"}' });
  expect(refused.json).toMatchObject({ answer: { kind: 'refusal' } });
}
