import type { XmlTree } from '../../xml/write-xml.ts';
import { code, LOINC, ownId, type Scope, said, section, table, templates } from './scope.ts';

interface Habit {
  path: string;
  name: string;
  text: string;
  code: XmlTree;
  value: XmlTree;
}

export function habitSection(scope: Scope): XmlTree | undefined {
  const habits = habitsOf(scope);
  if (habits.length === 0) return undefined;
  return section(scope, {
    path: 'habits',
    templates: [
      '2.16.840.1.113883.10.20.1.15',
      '1.3.6.1.4.1.19376.1.5.3.1.3.16',
      '1.3.6.1.4.1.19376.1.5.3.1.3.16.1',
      '1.2.250.1.213.1.1.2.141',
    ],
    code: code('29762-2', 'Habitus, Mode de vie', LOINC),
    title: 'Mode de vie',
    text: [
      'text',
      [
        table(
          ['Type', 'Observation'],
          habits.map(({ path, name, text }) => [name, [path, text]]),
        ),
      ],
    ],
    entries: habits.map(
      (habit): XmlTree => [
        'entry',
        [
          [
            'observation',
            [
              ...templates(
                '2.16.840.1.113883.10.20.1.33',
                '1.3.6.1.4.1.19376.1.5.3.1.4.13',
                '1.3.6.1.4.1.19376.1.5.3.1.4.13.4',
                '1.2.250.1.213.1.1.3.52',
              ),
              ownId(scope, habit.path),
              habit.code,
              said(habit.path),
              ['statusCode', [], { code: 'completed' }],
              ['effectiveTime', [], { nullFlavor: 'NA' }],
              habit.value,
            ],
            { classCode: 'OBS', moodCode: 'EVN' },
          ],
        ],
      ],
    ),
  });
}

function habitsOf({ dmst }: Scope): Habit[] {
  const { tobacco, alcohol, sport } = dmst.lifestyle ?? {};
  return [
    ...(tobacco === undefined
      ? []
      : [
          {
            path: 'tobacco',
            name: 'Tabac',
            text: `${tobacco} paquets-années`,
            code: code('74011-8', 'Consommation tabagique', LOINC),
            // packs a day times years: UCUM has annotations only
            value: ['value', [], { 'xsi:type': 'PQ', value: String(tobacco), unit: '{pack}.a' }] as XmlTree,
          },
        ]),
    ...(alcohol === undefined
      ? []
      : [
          {
            path: 'alcohol',
            name: 'Alcool',
            text: `Score AUDIT-C : ${alcohol}`,
            code: code('74013-4', 'Consommation d’alcool', LOINC),
            value: ['value', `Score AUDIT-C : ${alcohol}`, { 'xsi:type': 'ST' }] as XmlTree,
          },
        ]),
    ...(sport === undefined
      ? []
      : [
          {
            path: 'sport',
            name: 'Exercice physique',
            text: sport,
            code: code('73985-4', 'Exercice physique', LOINC),
            value: ['value', sport, { 'xsi:type': 'ST' }] as XmlTree,
          },
        ]),
  ];
}
