import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, Patient } from 'fhir-types/r4.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEstablishment } from '../../apps/cli/src/demo/simulators.ts';
import type { Esms } from '../../apps/simulators/src/esms/index.ts';
import { fhirFaults } from '../builders/fhir-judges.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';
import { freePort } from '../services/free-ports.ts';

const SAMPLES = join(import.meta.dirname, '../../contracts/medico-social/samples');
const sample = (name: string, changes: object = {}): string =>
  JSON.stringify({ ...JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8')), ...changes });

describe('a summary for an establishment', () => {
  let relais: TestRelais;
  let esms: Esms;
  let sent = 0;

  beforeAll(async () => {
    const port = await freePort();
    relais = await aRelais(
      { RELAIS_RETRY_ATTEMPTS: '4' },
      { fhir: { 'esms-1': `https://localhost:${port}/fhir` }, alsoKeysOf: ['esms-1'] },
    );
    esms = await startEstablishment(relais.demo, 'esms-1', { port });
  });
  afterEach(() => esms.misbehave(undefined));
  afterAll(async () => {
    await esms.close();
    await relais.close();
  });

  const send = (body: string) =>
    relais.as('spsti-a')('/v1/messages', {
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': `summary-${sent++}`,
        'ce-source': 'urn:relais:partner:spsti-a',
        'ce-type': 'fr.relais-st.medico-social.summary.v1',
        'ce-recipient': 'esms-1',
      },
      body,
    });
  const status = async (id: unknown) => (await relais.as('spsti-a')(`/v1/messages/${String(id)}`)).json;
  const settled = (id: unknown, state: string) =>
    eventually(async () => {
      const json = await status(id);
      return json['status'] === state && json;
    });

  it('is created there, all of it, with the matricule of a qualified identity', async () => {
    const { json } = await send(sample('valid/summary.health'));
    const done = await settled(json['id'], 'delivered');
    expect(JSON.stringify(done)).toContain('ressources créées');
    const kept = esms.received.at(-1);
    expect(kept).toMatchObject({ messageId: json['id'], attempts: ['1'] });
    const bundle = JSON.parse(readFileSync(kept?.files[0] ?? '', 'utf8')) as Bundle;
    expect(fhirFaults(bundle)).toEqual([]);
    expect(patientOf(bundle).identifier?.[0]).toMatchObject({
      system: 'urn:oid:1.2.250.1.213.1.4.8',
      value: '275126322074974',
    });
    expect(typesOf(bundle)).toContain('Immunization');
    expect(readFileSync(kept?.files[1] ?? '', 'utf8')).toContain('Travail bras levés : impossible');
  });

  it('holds conclusions only for social professionals', async () => {
    const { json } = await send(sample('valid/summary.social'));
    await settled(json['id'], 'delivered');
    const { bundle } = esms.received.at(-1) ?? {};
    expect(typesOf(bundle)).toEqual(expect.arrayContaining(['Observation', 'Flag', 'CarePlan', 'Consent']));
    expect(typesOf(bundle)).not.toContain('Immunization');
    expect(JSON.stringify(bundle)).not.toContain('tétanos');
  });

  it('goes without a matricule when Relais did not find the identity qualified', async () => {
    const { evidenceSeen: _, ...unseen } = JSON.parse(sample('valid/summary.health')) as Record<
      string,
      unknown
    >;
    const { json } = await send(JSON.stringify(unseen));
    await settled(json['id'], 'delivered');
    const { bundle } = esms.received.at(-1) ?? {};
    expect(patientOf(bundle).identifier).toMatchObject([{ value: 'A-2015-004217' }]);
    expect(JSON.stringify(bundle)).not.toContain('2751263220749');
  });

  it.each([
    ['summary.no-consent', 'gate.consent-missing'],
    ['summary.by-an-iprp', 'gate.not-competent'],
    ['summary.diagnosis', 'content.invalid'],
  ])('is refused at the door: %s', async (name, code) => {
    const before = esms.received.length;
    expect(await send(sample(`invalid/${name}`))).toMatchObject({ status: 422, json: { code } });
    expect(esms.received).toHaveLength(before);
  });

  it('comes again, marked, when nobody knows what became of it, and is kept once', async () => {
    esms.misbehave('loses-answer');
    const { json } = await send(sample('valid/summary.minimal'));
    const kept = await eventually(async () =>
      esms.received.find(({ messageId }) => messageId === json['id']),
    );
    esms.misbehave(undefined);
    await settled(json['id'], 'delivered');
    expect(kept.attempts.length).toBeGreaterThan(1);
    expect(kept.attempts).toEqual(kept.attempts.map((_, n) => String(n + 1)));
  });

  it('waits for an establishment that is down', async () => {
    esms.misbehave('unavailable');
    const { json } = await send(sample('valid/summary.minimal'));
    await eventually(async () => JSON.stringify(await status(json['id'])).includes('retrying'));
    esms.misbehave(undefined);
    await settled(json['id'], 'delivered');
  });

  it('that the establishment refuses is refused, in French, without its words', async () => {
    esms.misbehave('refuses');
    const { json } = await send(sample('valid/summary.minimal'));
    const done = await settled(json['id'], 'refused');
    expect(JSON.stringify(done)).toContain('règle de gestion non respectée');
    expect(JSON.stringify(done)).not.toContain('Usager inconnu ici');
  });

  it('that was half created is dead: an operator must look', async () => {
    esms.misbehave('creates-half');
    const { json } = await send(sample('valid/summary.minimal'));
    await settled(json['id'], 'dead');
  });

  it('waits in the store sealed, and leaves no trace of a person in the log', async () => {
    esms.misbehave('unavailable');
    const { json } = await send(sample('valid/summary.health'));
    await eventually(async () => JSON.stringify(await status(json['id'])).includes('retrying'));
    const { home } = relais.demo;
    const stored = readdirSync(home, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('demo') && statSync(join(home, path)).isFile())
      .map((path) => readFileSync(join(home, path)));
    expect(stored.some((bytes) => bytes.includes(String(json['id'])))).toBe(true);
    for (const trace of ['ADRUN', 'bras lev', '2751263220749']) {
      expect(stored.filter((bytes) => bytes.includes(trace))).toEqual([]);
      expect(relais.logged()).not.toContain(trace);
    }
    esms.misbehave(undefined);
    await settled(json['id'], 'delivered');
  });
});

function typesOf(bundle: Bundle | undefined): string[] {
  return (bundle?.entry ?? []).map(({ resource }) => resource?.resourceType ?? '');
}

function patientOf(bundle: Bundle | undefined): Patient {
  return bundle?.entry?.find(({ resource }) => resource?.resourceType === 'Patient')?.resource as Patient;
}
