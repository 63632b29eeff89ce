import type { XmlTree } from '../../xml/write-xml.ts';
import { hl7Time } from '../elements.ts';
import {
  CIM10,
  code,
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

/** The dossier does not say which relative otherwise than in the label. */
export function familySection(scope: Scope): XmlTree | undefined {
  const known = (scope.dmst.history ?? []).flatMap((one, at) =>
    one.kind === 'FAM' ? [{ ...one, path: `family-${at}` }] : [],
  );
  if (known.length === 0) return undefined;
  return section(scope, {
    path: 'family',
    templates: [
      '2.16.840.1.113883.10.20.1.4',
      '1.3.6.1.4.1.19376.1.5.3.1.3.14',
      '1.3.6.1.4.1.19376.1.5.3.1.3.15',
      '1.2.250.1.213.1.1.2.139',
    ],
    code: code('10157-6', 'Historique des pathologies familiales', LOINC),
    title: 'Antécédents familiaux',
    text: [
      'text',
      [
        table(
          ['Antécédent'],
          known.map(({ path, label }) => [[path, label]]),
        ),
      ],
    ],
    entries: known.map(
      ({ path, label, code: cim10, onset }): XmlTree => [
        'entry',
        [
          [
            'organizer',
            [
              ...templates(
                '2.16.840.1.113883.10.20.1.23',
                '1.3.6.1.4.1.19376.1.5.3.1.4.15',
                '1.2.250.1.213.1.1.3.59',
              ),
              ['statusCode', [], { code: 'completed' }],
              relative(),
              [
                'component',
                [
                  [
                    'observation',
                    [
                      ...templates(
                        '2.16.840.1.113883.10.20.1.22',
                        '1.3.6.1.4.1.19376.1.5.3.1.4.13',
                        '1.3.6.1.4.1.19376.1.5.3.1.4.13.3',
                        '1.2.250.1.213.1.1.3.51',
                      ),
                      ownId(scope, path),
                      code('282291009', 'interprétation diagnostique', SNOMED),
                      said(path),
                      ['statusCode', [], { code: 'completed' }],
                      [
                        'effectiveTime',
                        [],
                        onset === undefined ? { nullFlavor: 'UNK' } : { value: hl7Time(onset) },
                      ],
                      [
                        'value',
                        [originalText(path)],
                        {
                          'xsi:type': 'CD',
                          ...(cim10 === undefined
                            ? { nullFlavor: 'UNK' }
                            : { code: cim10, displayName: label, ...CIM10 }),
                        },
                      ],
                    ],
                    { classCode: 'OBS', moodCode: 'EVN' },
                  ],
                ],
                { typeCode: 'COMP' },
              ],
            ],
            { classCode: 'CLUSTER', moodCode: 'EVN' },
          ],
        ],
      ],
    ),
  });
}

function relative(): XmlTree {
  return [
    'subject',
    [
      ...templates('1.3.6.1.4.1.19376.1.5.3.1.4.15.2', '1.2.250.1.213.1.1.3.60'),
      ['relatedSubject', [['code', [], { nullFlavor: 'UNK' }]], { classCode: 'PRS' }],
    ],
    { typeCode: 'SBJ' },
  ];
}
