import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFortnight } from './checks.ts';
import { inOwnOrder, type Line, type Report } from './fortnight.ts';
import oneReport from './samples/valid/fortnight.one-report.json' with { type: 'json' };

function findings(changes: { lines?: Line[]; reports?: Report[] }): string[] {
  const json = { ...oneReport, ...changes };
  const content = { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(json)), json };
  return checkFortnight(content).map(({ pointer, code }) => `${pointer} ${code}`);
}

const line = fc.record({
  ageBand: fc.constantFrom('<25', '25-34', '55+'),
  sex: fc.constantFrom('M', 'F'),
  region: fc.constantFrom('11', '84'),
  nafVersion: fc.constant('NAF-REV2'),
  naf: fc.constantFrom('10', '86'),
  pcsVersion: fc.constant('PCS-ESE-2017'),
  pcs: fc.constantFrom('52', '63'),
  mcp: fc.constant(false),
});

describe('the order of lines', () => {
  it('is the same whatever the order of the waiting room', () => {
    fc.assert(
      fc.property(
        fc
          .array(line)
          .chain((lines) =>
            fc.tuple(
              fc.constant(lines),
              fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
            ),
          ),
        ([came, shuffled]) => {
          expect(inOwnOrder(shuffled)).toEqual(inOwnOrder(came));
          expect(findings({ lines: inOwnOrder(shuffled), reports: [] })).toEqual([]);
        },
      ),
    );
  });

  it('does not depend on the order of members', () => {
    const lines = inOwnOrder(oneReport.lines).map(
      (one) => Object.fromEntries(Object.entries(one).toReversed()) as unknown as Line,
    );
    expect(findings({ lines })).toEqual([]);
  });
});

describe('reports stand in classes that are measured', () => {
  const [report] = oneReport.reports as [Report];

  it('a second report needs a second line of its class', () => {
    expect(findings({ reports: [report, report] })).toEqual(['/reports/1 mcp.report-without-line']);
  });

  it('a report of another class than any marked line is told at both ends', () => {
    expect(findings({ reports: [{ ...report, region: '11' }] })).toEqual([
      '/reports/0 mcp.report-without-line',
      '/lines mcp.line-without-report',
    ]);
  });
});
