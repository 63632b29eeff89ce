import { type CheckContext, type Content, type Finding, isSiret, valueAt } from '#core';
import type { Report } from './report.ts';
import { sumsOfCounts, sumsOfFigures } from './sums.ts';

/** What each rule asks: what a finding says when it is broken, and the validation report when it is kept. */
export const RULES = {
  'dgt-annual.siret-key': 'Le numéro du service est un SIRET : sa clé est juste.',
  'dgt-annual.year-not-over': 'Le rapport porte sur un exercice terminé.',
  'dgt-annual.sum': 'Chaque total est la somme de ses parties.',
  'dgt-annual.ratio': 'Chaque rapport est celui des chiffres dont il est tiré, à deux décimales.',
  'dgt-annual.more-than-whole': 'Une partie ne dépasse pas l’ensemble où elle est prise.',
  'dgt-annual.role-repeated': 'Chaque métier est donné une fois.',
  'dgt-annual.fte-above-heads': 'Des équivalents temps plein ne dépassent pas les effectifs.',
  'dgt-annual.pdp-without-cell': 'Un accompagnement suppose une cellule de prévention de la désinsertion.',
} as const;

/** Half a hundredth, and what binary fractions add. */
const ROUNDING = 0.005_001;

export function checkReport({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const report = json as Report;
  return [
    ...(isSiret(report.service.siret) ? [] : [finding('dgt-annual.siret-key', '/service/siret')]),
    ...(report.year < Number(now.slice(0, 4)) ? [] : [finding('dgt-annual.year-not-over', '/year')]),
    ...wrongSums(report),
    ...ratiosOf(report)
      .filter(
        ({ at, of, per, times }) =>
          Math.abs(Number(valueAt(json, at)) - quotient(times * of, per)) > ROUNDING,
      )
      .map(({ at }) => finding('dgt-annual.ratio', at)),
    ...moreThanWhole(report),
    ...staffFindings(report),
    ...(report.pdp.cell || report.pdp.accompanied === 0
      ? []
      : [finding('dgt-annual.pdp-without-cell', '/pdp/cell')]),
  ];
}

function wrongSums(report: Report): Finding[] {
  const wrong = [...sumsOfCounts(report), ...sumsOfFigures(report)].filter(({ total, parts }) => {
    const added = parts.reduce((sum, part) => sum + Number(valueAt(report, part)), 0);
    return added !== valueAt(report, total);
  });
  return [...new Set(wrong.map(({ total }) => total))].map((total) => finding('dgt-annual.sum', total));
}

function quotient(of: number, per: number): number {
  return per === 0 ? 0 : of / per;
}

/** Quotients of other figures, with the pointers of the counts that they would give back. */
export function ratiosOf({ followed, staff, visits, offers }: Report) {
  const workers = followed.byCategory['total']?.['total'] ?? 0;
  const doctors = staff.filter(({ role }) => role === 'MT').reduce((sum, { fte }) => sum + fte, 0);
  const { IDEST = 0, other = 0, total = 0 } = visits.byType['total'] ?? {};
  const everybody = '/followed/byCategory/total/total';
  return [
    { at: '/workersPerMtFte', of: workers, per: doctors, times: 1, tells: [everybody] },
    {
      at: '/visits/delegatedShare',
      of: IDEST + other,
      per: total,
      times: 100,
      tells: ['MT', 'IDEST', 'other', 'total'].map((column) => `/visits/byType/total/${column}`),
    },
    { at: '/offers/costPerWorker', of: offers.charges, per: workers, times: 1, tells: [everybody] },
  ];
}

function moreThanWhole({ followed }: Report): Finding[] {
  const sir = followed.byCategory['SIR']?.['total'] ?? 0;
  const triggers = Object.entries(followed.sirTriggers)
    .filter(([, count]) => count > sir)
    .map(([name]) => finding('dgt-annual.more-than-whole', `/followed/sirTriggers/${name}`));
  const tooMany = followed.temporary > (followed.byCategory['total']?.['total'] ?? 0);
  return [...triggers, ...(tooMany ? [finding('dgt-annual.more-than-whole', '/followed/temporary')] : [])];
}

function staffFindings({ staff }: Report): Finding[] {
  return staff.flatMap(({ role, heads, fte }, n) => [
    ...(staff.findIndex((one) => one.role === role) < n
      ? [finding('dgt-annual.role-repeated', `/staff/${n}/role`)]
      : []),
    ...(fte > heads ? [finding('dgt-annual.fte-above-heads', `/staff/${n}/fte`)] : []),
  ]);
}

function finding(code: keyof typeof RULES, pointer: string): Finding {
  return { pointer, code, detail: `Règle non respectée : ${RULES[code]}` };
}
