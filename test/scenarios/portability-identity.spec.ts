import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import {
  aDossier,
  asked,
  exchangesOf,
  type Json,
  journal,
  rows,
  seen,
  until,
  ZOE,
  ZOE_INS,
} from '../builders/portability.ts';
import { aRelais, eventually, type TestRelais } from '../builders/relais.ts';

const SOLDIER = { birthName: 'INCONNU', firstNames: ['SOLDAT'], sex: 'M', birthDate: '1920-11-11' };

describe('the matricule leaves only for an identity that Relais itself verified and a person proved', () => {
  let relais: TestRelais;
  let a: Spsti;
  beforeAll(async () => {
    relais = await aRelais();
    a = await relais.service('spsti-a', { dossiers: [aDossier()] });
  });
  afterAll(async () => {
    relais.insi.behave({});
    await relais.close();
  });

  /** What the source's software decrypted of one request. */
  async function told(id: string): Promise<{ worker: Json } & Json> {
    const file = await eventually(async () => {
      const [exchange] = exchangesOf(relais, id);
      return a.received.find(({ messageId }) => messageId === exchange?.request_id)?.files[0];
    });
    return JSON.parse(readFileSync(file, 'utf8')) as { worker: Json } & Json;
  }

  const cases: [string, Json, string, object | undefined][] = [
    ['accepted evidence, found by INSi', { evidenceSeen: 'CN' }, 'QUAL', ZOE_INS],
    [
      'the same, with the matricule that the asker held',
      { evidenceSeen: 'PA', worker: { traits: ZOE, ins: ZOE_INS } },
      'QUAL',
      ZOE_INS,
    ],
    ['no evidence', { evidenceSeen: undefined }, 'RECUP', undefined],
    [
      'no evidence, though the asker holds the matricule',
      { evidenceSeen: undefined, worker: { traits: ZOE, ins: ZOE_INS } },
      'RECUP',
      undefined,
    ],
    ['evidence that the service does not accept', { evidenceSeen: 'LE' }, 'RECUP', undefined],
    ['evidence, unknown to INSi', { evidenceSeen: 'CN', worker: { traits: SOLDIER } }, 'VALI', undefined],
    ['nothing, unknown to INSi', { evidenceSeen: undefined, worker: { traits: SOLDIER } }, 'PROV', undefined],
    [
      'sex undetermined: INSi is not asked',
      { evidenceSeen: 'CN', worker: { traits: { ...ZOE, sex: 'I' } } },
      'VALI',
      undefined,
    ],
  ];

  it.each(cases)('%s', async (_, changes, status, ins) => {
    const { worker, ...rest } = await told(await asked(relais, changes));
    expect(worker['identityStatus']).toBe(status);
    expect(worker['ins']).toEqual(ins);
    expect(Object.keys(worker).sort()).toEqual(
      ins === undefined ? ['identityStatus', 'traits'] : ['identityStatus', 'ins', 'traits'],
    );
    // neither what the asker held nor what it saw is the source's affair
    expect(JSON.stringify(rest)).not.toContain('2751263220749');
  });

  it('a teleservice that is down delays the request, and loses nothing', async () => {
    const other = {
      birthName: 'ADRTROIS',
      firstNames: ['DOMINIQUE'],
      sex: 'F',
      birthDate: '1997-02-26',
      birthPlace: '2A020',
    };
    relais.insi.behave({ down: '503' });
    const before = a.received.length;
    const id = await asked(relais, { worker: { traits: other } });
    await eventually(async () =>
      journal(relais).some(
        ({ kind, details }) => kind === 'message.prepare-failed' && details?.['code'] === 'insi.unavailable',
      ),
    );
    expect(await seen(relais, id)).toMatchObject({ state: 'SUBMITTED', answered: '0 sur 1' });
    expect(a.received).toHaveLength(before);
    relais.insi.behave({});
    const { worker } = await told(id);
    expect(worker).toMatchObject({ identityStatus: 'QUAL', ins: { value: '297022A020778', key: '78' } });
  }, 120_000);

  it('nothing of an identity is in the log nor in the journal', async () => {
    await until(relais, await asked(relais), ({ best }) => best !== undefined);
    const identity = /ADRUN|ADRTROIS|ZOE|DOMINIQUE|INCONNU|SOLDAT|275126322074|297022A02077|1975-12-31/i;
    expect(relais.logged()).not.toMatch(identity);
    expect(
      rows(relais, 'SELECT body FROM journal_entry')
        .map(({ body }) => body)
        .join('\n'),
    ).not.toMatch(identity);
  });
});
