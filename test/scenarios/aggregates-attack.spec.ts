/** A reader of what the recipients decrypted tries to get the small counts back: by the margins, and by two publications. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countPointers, valueAt } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { sendAndFollow } from '../../apps/cli/src/demo/send-and-follow.ts';
import type { PartnerSoftware } from '../../apps/simulators/src/partner/index.ts';
import type { Report } from '../../contracts/dgt-annual/report.ts';
import reportSchema from '../../contracts/dgt-annual/schemas/report.json' with { type: 'json' };
import { sumsOfCounts } from '../../contracts/dgt-annual/sums.ts';
import viewSchema from '../../contracts/employer-portal/schemas/employer-view.json' with { type: 'json' };
import { sumsOf } from '../../contracts/employer-portal/statistics.ts';
import type { EmployerView } from '../../contracts/employer-portal/view.ts';
import { type Publication, recoveredFrom } from '../attacks/publication.ts';
import { aRelais, type TestRelais } from '../builders/relais.ts';

const CONTRACTS = join(import.meta.dirname, '../../contracts');
const sample = (path: string) => JSON.parse(readFileSync(join(CONTRACTS, path), 'utf8'));

/** One kind of publication: where its counts are, and what adds up. */
interface Kind {
  flow: string;
  object: string;
  schema: object;
  sumsOf(json: unknown): Publication['sums'];
}

const REPORT: Kind = {
  flow: 'dgt-annual',
  object: 'report',
  schema: reportSchema,
  sumsOf: (json) => sumsOfCounts(json as Report),
};
const STATISTICS: Kind = {
  flow: 'employer-portal',
  object: 'employer-view',
  schema: viewSchema,
  sumsOf: (json) => sumsOf(json as EmployerView),
};

function publication(kind: Kind, sent: unknown, shown: (at: string) => unknown): Publication {
  const at = countPointers(kind.schema, sent);
  return {
    truth: Object.fromEntries(at.map((id) => [id, Number(valueAt(sent, id))])),
    shown: Object.fromEntries(at.map((id) => [id, shown(id)])),
    sums: kind.sumsOf(sent),
  };
}

/** Small counts hidden, and nothing else. */
function naive(kind: Kind, sent: unknown): Publication {
  return publication(kind, sent, (at) => {
    const count = Number(valueAt(sent, at));
    return count >= 1 && count <= 10 ? '<11' : count;
  });
}

/** Margins defended, earlier publications forgotten. */
function forgetful(kind: Kind, sent: unknown): Publication {
  const { truth, sums } = naive(kind, sent);
  const { cells } = contentTools.suppress({ cells: truth, equations: sums }, { threshold: 11 });
  return { truth, sums, shown: cells };
}

/** The same establishment a month later: measures for four women less. */
function statistics(corrected: boolean): EmployerView {
  const view = sample('employer-portal/samples/valid/employer-view.establishment.json');
  const rows: Record<string, [women: number, men: number]> = corrected
    ? { ATTS: [41, 96], APTI: [14, 38], INAP: [12, 13], AMEN: [8, 15] }
    : { ATTS: [41, 96], APTI: [14, 38], INAP: [12, 13], AMEN: [12, 15] };
  const total = Object.values(rows).reduce(([w, m], [women, men]) => [w + women, m + men], [0, 0]);
  view.establishment.statistics.outputs = Object.fromEntries(
    Object.entries({ ...rows, total }).map(([name, [women, men]]) => [
      name,
      { women, men, total: women + men },
    ]),
  );
  return view;
}

describe('who reads what the recipients decrypted', () => {
  let relais: TestRelais;
  let service: PartnerSoftware;
  let dgt: PartnerSoftware;
  let portal: PartnerSoftware;
  let cnam: PartnerSoftware;

  beforeAll(async () => {
    relais = await aRelais({}, { alsoKeysOf: ['dgt', 'portail', 'cnam'] });
    service = await relais.service('spsti-a');
    dgt = await relais.partner('dgt');
    portal = await relais.partner('portail');
    cnam = await relais.partner('cnam');
  });
  afterAll(() => relais.close());

  async function published(kind: Kind, to: PartnerSoftware, sent: unknown): Promise<Publication> {
    const { told } = await sendAndFollow(service, to, { flow: kind.flow, object: kind.object, json: sent });
    const json: unknown = JSON.parse(readFileSync(told.files[0] ?? '', 'utf8'));
    return publication(kind, sent, (at) => valueAt(json, at));
  }

  it.each([
    ['a large service', 'full'],
    ['a small one', 'small-service'],
  ])(
    'recovers no count under 11 from the report of %s, where hiding small counts alone gives some back',
    async (_, name) => {
      const report = sample(`dgt-annual/samples/valid/report.${name}.json`);
      expect(recoveredFrom(naive(REPORT, report)).length).toBeGreaterThan(0);
      expect(recoveredFrom(await published(REPORT, dgt, report))).toEqual([]);
    },
  );

  it('nor from a report and its correction, where one that forgot the first gives some back', async () => {
    // a year of its own: nothing is remembered of it yet
    const before = { ...sample('dgt-annual/samples/valid/report.full.json'), year: 2022 };
    const after = { ...sample('dgt-annual/samples/valid/report.correction.json'), year: 2022 };
    expect(recoveredFrom(forgetful(REPORT, before), forgetful(REPORT, after)).length).toBeGreaterThan(0);
    const first = await published(REPORT, dgt, before);
    const second = await published(REPORT, dgt, after);
    expect(recoveredFrom(first, second)).toEqual([]);
  });

  it('nor from two views of the statistics of an establishment', async () => {
    const [before, after] = [statistics(false), statistics(true)];
    expect(recoveredFrom(forgetful(STATISTICS, before), forgetful(STATISTICS, after)).length).toBeGreaterThan(
      0,
    );
    const first = await published(STATISTICS, portal, before);
    const second = await published(STATISTICS, portal, after);
    expect(recoveredFrom(first, second)).toEqual([]);
  });

  it('and sees no count under 11 among exposures, which no total gives back', async () => {
    const sent = sample('cnam-risks/samples/valid/establishments.several.json');
    const { told } = await sendAndFollow(service, cnam, {
      flow: 'cnam-risks',
      object: 'establishments',
      json: sent,
    });
    const counts = told.files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/"exposedCount":("?[^,"]+)|FICT-[^,]+,([^,]+),/g)].map(
        ([, json, csv]) => json ?? csv,
      ),
    );
    expect(counts.length).toBeGreaterThan(10);
    expect(counts.filter((count) => /^([1-9]|10)$/.test(count ?? ''))).toEqual([]);
  });
});
