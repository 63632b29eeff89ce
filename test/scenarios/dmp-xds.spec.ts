import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dmpAgreements, startDemoDmp } from '../../apps/cli/src/demo/channels/dmp.ts';
import type { Dmp } from '../../apps/simulators/src/dmp/index.ts';
import type { Spsti } from '../../apps/simulators/src/spsti/index.ts';
import { depositing } from '../builders/dmp.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const INS = '275126322074974';

describe('a document that goes into the DMP by its own services', () => {
  let relais: TestRelais;
  let dmp: Dmp;
  let a: Spsti;

  beforeAll(async () => {
    relais = await aRelais(
      { RELAIS_FEATURES: 'dmp-export' },
      {
        alsoKeysOf: ['dmp'],
        agreements: async (demo) => {
          dmp = await startDemoDmp(demo, join(demo.home, 'dmp'));
          return dmpAgreements(demo, dmp);
        },
      },
    );
    a = await relais.service('spsti-a');
  });
  afterAll(async () => {
    await relais.close();
    await dmp.close();
  });

  it('is kept there whole, and its sender gets its reference', async () => {
    const { document, send } = depositing(relais, a);
    const { acknowledgement, exchange, message } = await send(document('exposures'));
    const [kept] = dmp.kept;
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
    expect(dmp.calls.map(({ kind, problems }) => [kind, ...problems])).toEqual([['existence'], ['deposit']]);
    expect(INS).toHaveLength(15);
  });
});
