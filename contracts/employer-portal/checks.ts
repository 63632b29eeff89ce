import {
  afterCheckFindings,
  type CheckContext,
  type Content,
  type Finding,
  gateFindings,
  isSiret,
  isUnder,
  leavesOf,
  valueAt,
} from '#core';
import { contract, NAMES_AS_WORDS } from './contract.ts';
import { sumsOf } from './statistics.ts';
import type { Declaration, EmployerView } from './view.ts';

const DETAILS = {
  'employer-portal.siret-key': 'Ce numéro ne peut pas être un SIRET : sa clé est fausse.',
  'employer-portal.prereprise-mentioned': 'L’employeur ne doit rien apprendre d’une visite de préreprise.',
  'employer-portal.identity-incomplete':
    'Le sexe manque pour vérifier l’identité de la personne nommée dans l’avis.',
  'employer-portal.needs-mt': 'Cet avis est du seul médecin du travail.',
  'employer-portal.unfitness-incomplete':
    'Un avis d’inaptitude dit les études et l’échange qui le précèdent.',
  'employer-portal.unfitness-only-for-inap': 'Ces mentions sont celles d’un avis d’inaptitude.',
  'employer-portal.apti-without-sir': 'Un avis d’aptitude dit le motif du suivi renforcé.',
  'employer-portal.amen-without-measures': 'Une proposition d’aménagement dit des mesures.',
  'employer-portal.sum': 'Ce total n’est pas la somme de ses parties.',
  'employer-portal.ends-before-start': 'La fin précède le début.',
  'employer-portal.stop-too-long': 'Seuls les arrêts de moins de 30 jours se déclarent ici.',
  'employer-portal.risk-without-reason':
    'Un poste ajouté par l’employeur dit pourquoi et qui a été consulté.',
} as const;

const PREREPRISE = /pre[^a-z0-9]{0,3}reprise/;

export function checkView({ json }: Content, { now }: Pick<CheckContext, 'now'>): Finding[] {
  const view = json as EmployerView;
  // to the worker who objects: the employer learns nothing, not even that they objected
  const gate =
    view.recommendations === undefined ? [] : gateFindings({ gate: 'non-opposition' }, json, { now });
  return [
    ...siretFindings(view.siret),
    ...gate,
    ...outputFindings(view),
    ...(view.recommendations?.worker.sex === undefined && view.recommendations !== undefined
      ? [finding('employer-portal.identity-incomplete', '/recommendations/worker/sex')]
      : []),
    ...wrongSums(view),
    ...tracesWhereNamesMayStand(json),
    ...[...leavesOf(json)]
      .filter(({ value }) => PREREPRISE.test(folded(String(value))))
      .map(({ pointer }) => finding('employer-portal.prereprise-mentioned', pointer)),
  ];
}

/** The contract excepts these places from the search for names; no number or address of a person may stand there. */
function tracesWhereNamesMayStand(json: unknown): Finding[] {
  const { shapes = [] } = contract.objects['employer-view']?.afterCheck ?? {};
  return afterCheckFindings({ shapes, except: [] }, json).filter(({ pointer }) =>
    NAMES_AS_WORDS.some((pattern) => isUnder(pointer, pattern)),
  );
}

function outputFindings({ output }: EmployerView): Finding[] {
  if (output === undefined) return [];
  const { type, worker, professional, sirTriggers = [], measures = [], unfitness } = output;
  const wrong: [boolean, keyof typeof DETAILS, string][] = [
    [worker.sex === undefined, 'employer-portal.identity-incomplete', '/output/worker/sex'],
    [type !== 'ATTS' && professional.role !== 'MT', 'employer-portal.needs-mt', '/output/professional/role'],
    [type === 'INAP' && unfitness === undefined, 'employer-portal.unfitness-incomplete', '/output/unfitness'],
    [
      type !== 'INAP' && unfitness !== undefined,
      'employer-portal.unfitness-only-for-inap',
      '/output/unfitness',
    ],
    [type === 'APTI' && sirTriggers.length === 0, 'employer-portal.apti-without-sir', '/output/sirTriggers'],
    [type === 'AMEN' && measures.length === 0, 'employer-portal.amen-without-measures', '/output/measures'],
  ];
  return wrong.filter(([is]) => is).map(([, code, pointer]) => finding(code, pointer));
}

function wrongSums(view: EmployerView): Finding[] {
  const wrong = sumsOf(view).filter(({ total, parts }) => {
    const added = parts.reduce((sum, part) => sum + Number(valueAt(view, part)), 0);
    return added !== valueAt(view, total);
  });
  return [...new Set(wrong.map(({ total }) => total))].map((total) => finding('employer-portal.sum', total));
}

export function checkDeclaration({ json }: Content): Finding[] {
  const { siret, lines } = json as Declaration;
  return [
    ...siretFindings(siret),
    ...lines.flatMap(({ kind, from, to, sirTriggers = [], reason, consultedOn }, n) => {
      const at = `/lines/${n}`;
      if (kind === 'AT' && from !== undefined && to !== undefined) {
        if (to < from) return [finding('employer-portal.ends-before-start', `${at}/to`)];
        return daysOf(from, to) < 30 ? [] : [finding('employer-portal.stop-too-long', `${at}/to`)];
      }
      if (kind !== 'RISQUE' || !sirTriggers.includes('EMPLOYEUR')) return [];
      return [
        ...(reason === undefined ? [finding('employer-portal.risk-without-reason', `${at}/reason`)] : []),
        ...(consultedOn === undefined
          ? [finding('employer-portal.risk-without-reason', `${at}/consultedOn`)]
          : []),
      ];
    }),
  ];
}

/** Both days counted. */
function daysOf(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

function siretFindings(siret: string): Finding[] {
  return isSiret(siret) ? [] : [finding('employer-portal.siret-key', '/siret')];
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
