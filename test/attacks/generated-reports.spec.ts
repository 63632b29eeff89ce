/** Reports and statistics of generated workers, attacked by their margins and with the publication that follows. */
import { describe, expect, it } from 'vitest';
import { flowOf } from '#contracts';
import { BrokerError, countPointers, type HookContext, valueAt } from '#core';
import { contentTools } from '../../apps/broker/src/engine/content-tools.ts';
import { contentsOf, GENERATORS } from '../../apps/cli/src/generate/generators.ts';
import { createWorld, take } from '../../apps/cli/src/generate/world.ts';
import type { Report } from '../../contracts/dgt-annual/report.ts';
import reportSchema from '../../contracts/dgt-annual/schemas/report.json' with { type: 'json' };
import { sumsOfCounts } from '../../contracts/dgt-annual/sums.ts';
import { type Publication, recoveredFrom } from './publication.ts';

const REPORTS = 40;
/** Tables with no cell in common: each is attacked by itself. Visits, the largest, are attacked in aggregates-attack.spec.ts. */
const TABLES = ['/followed/byCategory/', '/outputs/INAP/', '/pdp/'];

interface Published extends Publication {
  remembered: unknown;
}

/** As Relais publishes it; undefined when it refuses to. */
function publish(report: Report, remembered?: unknown): Published | undefined {
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(report)), json: report };
  try {
    const context = { tools: contentTools, remembered } as HookContext;
    const divided = flowOf('dgt-annual')?.hooks['report']?.divide?.(content, context);
    const json: unknown = JSON.parse(Buffer.from(divided?.parts[0]?.bytes ?? []).toString());
    const at = countPointers(reportSchema, report);
    return {
      truth: Object.fromEntries(at.map((id) => [id, Number(valueAt(report, id))])),
      shown: Object.fromEntries(at.map((id) => [id, valueAt(json, id)])),
      sums: sumsOfCounts(report),
      remembered: divided?.remember?.value,
    };
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'anonymity.k-too-low') return undefined;
    throw error;
  }
}

function only(table: string, { truth, shown, sums }: Publication): Publication {
  const within = <T>(cells: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(cells).filter(([id]) => id.startsWith(table)));
  return {
    truth: within(truth),
    shown: within(shown),
    sums: sums.filter(({ total }) => total.startsWith(table)),
  };
}

/** One worker more, of a category: what a correction is. */
function corrected(report: Report, category: string): Report {
  const copy = structuredClone(report);
  for (const row of [category, 'total']) {
    const counts = copy.followed.byCategory[row] ?? {};
    for (const column of ['women', 'total']) counts[column] = (counts[column] ?? 0) + 1;
  }
  copy.pdp.accompanied += 1;
  copy.pdp.outcomes['ongoing'] = (copy.pdp.outcomes['ongoing'] ?? 0) + 1;
  return copy;
}

describe('reports of generated workers', () => {
  const generator = GENERATORS['dgt-annual'];
  if (generator === undefined) throw new Error('no generator');
  const reports = [...take(contentsOf(generator, 'report', createWorld({ seed: 11 })), REPORTS)] as Report[];

  it('give no small count back, alone or with their correction', () => {
    let pairs = 0;
    for (const [n, report] of reports.entries()) {
      const first = publish(report);
      if (first === undefined) continue;
      for (const table of TABLES) expect(recoveredFrom(only(table, first)), `report ${n}`).toEqual([]);
      const second = publish(corrected(report, ['SI', 'SIA', 'SIR'][n % 3] ?? 'SI'), first.remembered);
      if (second === undefined) continue;
      for (const table of TABLES)
        expect(recoveredFrom(only(table, first), only(table, second)), `reports ${n}`).toEqual([]);
      pairs += 1;
    }
    // those refused do not empty the test
    expect(pairs).toBeGreaterThan(REPORTS / 2);
  }, 120_000);
});
