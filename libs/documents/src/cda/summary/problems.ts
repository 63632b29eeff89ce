/** Problems that go on and past ones: one concern each, with its observation. */
import type { Dmst } from '#core/dmst';
import type { XmlTree } from '../../xml/write-xml.ts';
import {
  CIM10,
  code,
  inFrench,
  interval,
  LOINC,
  originalText,
  ownId,
  type Scope,
  SNOMED,
  said,
  section,
  table,
  templates,
} from './scope.ts';

interface Problem {
  path: string;
  label: string;
  code?: string;
  from?: string;
  to?: string;
}

/** An end makes it past; without one nobody said that it is over. An accident at work is over once it happened. */
export function problemSections(scope: Scope): (XmlTree | undefined)[] {
  const all = problemsOf(scope.dmst);
  return [
    problemSection(
      scope,
      all.filter(({ to }) => to === undefined),
      {
        path: 'active-problems',
        templates: [
          '2.16.840.1.113883.10.20.1.11',
          '1.3.6.1.4.1.19376.1.5.3.1.3.6',
          '1.2.250.1.213.1.1.2.132',
        ],
        code: code('11450-4', 'Liste des problèmes actifs', LOINC),
        title: 'Pathologies en cours',
        status: 'active',
      },
    ),
    problemSection(
      scope,
      all.filter(({ to }) => to !== undefined),
      {
        path: 'past-problems',
        templates: ['1.3.6.1.4.1.19376.1.5.3.1.3.8', '1.2.250.1.213.1.1.2.134'],
        code: code('11348-0', 'Antécédents médicaux', LOINC),
        title: 'Antécédents médicaux',
        status: 'completed',
      },
    ),
  ];
}

function problemsOf({ history = [], occupationalEvents = [] }: Dmst): Problem[] {
  return [
    ...history.flatMap(({ kind, label, code: cim10, onset, end }, at): Problem[] =>
      kind === 'PERSO' || kind === 'PRO'
        ? [{ path: `history-${at}`, label, ...defined({ code: cim10, from: onset, to: end }) }]
        : [],
    ),
    ...occupationalEvents.map(({ type, date, label, cim10, tableMP, recognised, ipp }, at): Problem => {
      const kind = type === 'AT' ? 'Accident du travail' : 'Maladie professionnelle';
      const table = tableMP === undefined ? '' : `, tableau ${tableMP}`;
      const known = recognised === undefined ? '' : recognised ? ', reconnu par la caisse' : ', non reconnu';
      const after = ipp === undefined ? '' : `, IPP ${ipp} %`;
      return {
        path: `event-${at}`,
        label: `${kind}${label === undefined ? '' : ` : ${label}`}${table}${known}${after}`,
        ...defined({ code: cim10, from: date, to: type === 'AT' ? date : undefined }),
      };
    }),
  ];
}

function problemSection(
  scope: Scope,
  problems: readonly Problem[],
  parts: { path: string; templates: string[]; code: XmlTree; title: string; status: string },
): XmlTree | undefined {
  if (problems.length === 0) return undefined;
  return section(scope, {
    ...parts,
    text: [
      'text',
      [
        table(
          ['Début', 'Fin', 'Pathologie'],
          problems.map(({ path, label, from, to }) => [inFrench(from), inFrench(to), [path, label]]),
        ),
      ],
    ],
    entries: problems.map((problem): XmlTree => ['entry', [concern(scope, problem, parts.status)]]),
  });
}

function concern(scope: Scope, problem: Problem, status: string): XmlTree {
  const { path, from, to } = problem;
  return [
    'act',
    [
      ...templates(
        '2.16.840.1.113883.10.20.1.27',
        '1.3.6.1.4.1.19376.1.5.3.1.4.5.1',
        '1.3.6.1.4.1.19376.1.5.3.1.4.5.2',
        '1.2.250.1.213.1.1.3.39',
      ),
      ownId(scope, `${path}/concern`),
      ['code', [], { nullFlavor: 'NA' }],
      ['statusCode', [], { code: status }],
      interval(from, to),
      ['entryRelationship', [observation(scope, problem)], { typeCode: 'SUBJ', inversionInd: 'false' }],
    ],
    { classCode: 'ACT', moodCode: 'EVN' },
  ];
}

function observation(scope: Scope, { path, label, code: cim10, from, to }: Problem): XmlTree {
  return [
    'observation',
    [
      ...templates('2.16.840.1.113883.10.20.1.28', '1.3.6.1.4.1.19376.1.5.3.1.4.5', '1.2.250.1.213.1.1.3.37'),
      ownId(scope, path),
      code('282291009', 'interprétation diagnostique', SNOMED),
      said(path),
      ['statusCode', [], { code: 'completed' }],
      interval(from, to),
      [
        'value',
        [originalText(path)],
        { 'xsi:type': 'CD', ...(cim10 === undefined ? {} : { code: cim10, displayName: label, ...CIM10 }) },
      ],
    ],
    { classCode: 'OBS', moodCode: 'EVN', negationInd: 'false' },
  ];
}

function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
