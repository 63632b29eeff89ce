import type { Content, Finding } from '#core';
import { classOf, type Fortnight, orderKey, type Profile } from './fortnight.ts';

export function checkFortnight({ json }: Content): Finding[] {
  const { lines, reports } = json as Fortnight;
  return [
    ...order('/lines', lines),
    ...order('/reports', reports),
    ...unmatched(
      lines.filter(({ mcp }) => mcp),
      reports,
    ),
  ];
}

/** The order of the values is that of no waiting room. */
function order(pointer: string, rows: readonly Profile[]): Finding[] {
  const keys = rows.map(orderKey);
  return keys.every((key, n) => n === 0 || (keys[n - 1] ?? '') <= key)
    ? []
    : [
        {
          pointer,
          code: 'mcp.order-tells',
          detail: 'Les lignes doivent être rangées par valeurs : un autre ordre dirait qui est venu quand.',
        },
      ];
}

/** Each report stands in a class whose size is measured: that of a line marked as having one. */
function unmatched(marked: readonly Profile[], reports: readonly Profile[]): Finding[] {
  const left = new Map<string, number>();
  for (const line of marked) left.set(classOf(line), (left.get(classOf(line)) ?? 0) + 1);
  const findings: Finding[] = [];
  for (const [n, report] of reports.entries()) {
    const lines = left.get(classOf(report)) ?? 0;
    left.set(classOf(report), lines - 1);
    if (lines > 0) continue;
    findings.push({
      pointer: `/reports/${n}`,
      code: 'mcp.report-without-line',
      detail: 'Aucune ligne du tableau de bord ne correspond à ce signalement.',
    });
  }
  if ([...left.values()].some((count) => count > 0)) {
    findings.push({
      pointer: '/lines',
      code: 'mcp.line-without-report',
      detail: 'Une ligne annonce un signalement qui manque.',
    });
  }
  return findings;
}
