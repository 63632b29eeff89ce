/** dmp-export to a PDSm document server: ITI-65 and ITI-105, read back by ITI-67 and ITI-68. */
import { readFileSync } from 'node:fs';
import { Client } from 'fhir-kit-client';
import type { Bundle, FhirResource } from 'fhir-types/r4.js';
import { Dispatcher1Wrapper } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findDocuments, MandateAgents, readDocument } from '#transports';
import { pdsmAgreements, startDemoPdsm } from '../../apps/cli/src/demo/channels/dmp.ts';
import { readCda } from '../../apps/simulators/src/dmp/index.ts';
import type { Pdsm } from '../../apps/simulators/src/pdsm/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { depositing, dmpDocument, nextVersion } from '../builders/dmp.ts';
import { fhirFaults } from '../builders/fhir-judges.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const ADRUN = { system: 'urn:oid:1.2.250.1.213.1.4.8', value: '275126322074974' };

describe.each(['ITI-65', 'ITI-105'] as const)('a document published by %s', (transaction) => {
  let relais: TestRelais;
  let pdsm: Pdsm;
  let a: Spsti;
  let agents: MandateAgents;
  let client: Client;

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_FEATURES: 'dmp-export' },
      {
        alsoKeysOf: ['dmp'],
        agreements: async (demo) => {
          pdsm = await startDemoPdsm(demo);
          return pdsmAgreements(demo, pdsm, transaction);
        },
      },
    );
    a = await relais.service('spsti-a');
    const { paths } = relais.demo;
    const read = (path: string) => readFileSync(path, 'utf8');
    const { crt, key } = paths.insi.mandate('spsti-a').dmp;
    agents = new MandateAgents({
      ca: read(paths.insi.ca.crt),
      fault: () => undefined,
      connectTimeoutMs: 5_000,
    });
    client = new Client({
      baseUrl: pdsm.endpoint,
      requestOptions: {
        dispatcher: new Dispatcher1Wrapper(agents.for({ certificate: read(crt), key: read(key) })),
      } as Record<string, unknown>,
    });
  });
  afterEach(() => pdsm.misbehave(undefined));
  afterAll(async () => {
    await relais.close();
    await agents.close();
    await pdsm.close();
  });

  const published = () => pdsm.calls.filter((one) => one.transaction === transaction);

  it('is kept, its sender gets its reference, and it is found and read again', async () => {
    const document = dmpDocument('exposures');
    const { acknowledgement, message, exchange } = await depositing(relais, a).send(document);
    expect(acknowledgement).toMatchObject({
      outcome: 'accepted',
      reference: expect.stringMatching(/^2\.25\.\d+$/),
      items: [{ code: 'visible' }],
    });
    expect(message).toMatchObject({ status: 'delivered' });
    expect(exchange).toMatchObject({ state: 'CLOSED' });
    const urn = `urn:uuid:${document.documentId}`;
    const [found, ...others] = await findDocuments(client, {
      patient: ADRUN,
      status: 'current',
      identifier: urn,
    });
    expect(others).toEqual([]);
    const bytes = await readDocument(client, found as NonNullable<typeof found>);
    expect(readCda(bytes)).toMatchObject({ type: 'SYNTH', patient: { birthName: 'ADRUN' } });
    expect(pdsm.calls.at(-1)).toMatchObject({ transaction: 'ITI-68', certificate: 'DMP' });
  });

  it('is FHIR R4 for HL7’s own schema and for a validator, and says both dates', () => {
    const { json } = published().at(-1) ?? {};
    expect(fhirFaults(json as Bundle<FhirResource>)).toEqual([]);
    const text = JSON.stringify(json);
    const [, date] = /"date":"([^"]+T[^"]+)","author"/.exec(text) ?? [];
    expect(text).toContain(`"creation":"${date}"`);
  });

  it('takes the place of the version before', async () => {
    const first = dmpDocument('exposures');
    await depositing(relais, a).send(first);
    const { acknowledgement } = await depositing(relais, a).send(nextVersion(first));
    expect(acknowledgement).toMatchObject({ items: [{ code: 'visible' }, { code: 'replaced' }] });
    const urn = `urn:uuid:${first.documentId}`;
    const superseded = await findDocuments(client, { patient: ADRUN, status: 'superseded', identifier: urn });
    expect(superseded).toHaveLength(1);
  });

  it('is refused when it replaces what is not there, or bears the id of another', async () => {
    const { send } = depositing(relais, a);
    expect((await send(nextVersion(dmpDocument('exposures')))).acknowledgement).toEqual({
      outcome: 'refused',
      items: [{ code: 'parent-unknown' }],
    });
    const first = dmpDocument('conclusion');
    await send(first);
    const again = { ...dmpDocument('conclusion', { documentId: first.documentId }), conclusion: 'Autre.' };
    expect((await send(again)).acknowledgement).toEqual({
      outcome: 'refused',
      items: [{ code: 'duplicate' }],
    });
  });

  it.each([
    ['bad-request', 'metadata-invalid'],
    ['not-found', 'patient-unknown'],
  ] as const)('is refused by a server that answers %s', async (how, code) => {
    pdsm.misbehave(how);
    const { acknowledgement, message } = await depositing(relais, a).send(dmpDocument('conclusion'));
    expect(acknowledgement).toEqual({ outcome: 'refused', items: [{ code }] });
    expect(message).toMatchObject({ status: 'refused' });
  });

  it('whose answer was lost is there once: the repeat looks it up first', async () => {
    pdsm.misbehave('loses-answer-once');
    const before = published().length;
    const document = dmpDocument('surveillance');
    const { acknowledgement, message } = await depositing(relais, a).send(document);
    expect(acknowledgement).toMatchObject({ outcome: 'accepted' });
    expect(published()).toHaveLength(before + 1);
    expect(JSON.stringify(message)).toContain('déjà déposé');
  });

  it.each([
    ['forbidden', 'transport.refused'],
    ['no-fhir', 'transport.bad-answer'],
  ] as const)('is left to an operator by a server that is %s', async (how, code) => {
    pdsm.misbehave(how);
    const { accepted, until } = depositing(relais);
    const dead = await until(await accepted(dmpDocument('conclusion')), 'dead');
    expect(JSON.stringify(dead)).toContain(code);
  });

  it('is tried again while the server is away', async () => {
    pdsm.misbehave('unavailable');
    const { accepted, message, followed } = depositing(relais, a);
    const id = await accepted(dmpDocument('conclusion'));
    await eventually(async () => JSON.stringify(await message(id)).includes('retrying'));
    pdsm.misbehave(undefined);
    expect((await followed(id)).acknowledgement).toMatchObject({ outcome: 'accepted' });
  });

  it.each(['other-bytes', 'elsewhere'] as const)('is not believed when read back as %s', async (how) => {
    const [found] = await findDocuments(client, { patient: ADRUN, status: 'current' });
    expect(found).toBeDefined();
    pdsm.misbehave(how);
    const [shown] = await findDocuments(client, { patient: ADRUN, status: 'current' });
    await expect(readDocument(client, shown as NonNullable<typeof shown>)).rejects.toMatchObject({
      code: 'transport.bad-answer',
    });
  });

  it('leaves no trace of a person in the log', () => {
    expect(relais.logged()).not.toMatch(/ADRUN|DUMONT|2751263220749|silice/);
  });
});
