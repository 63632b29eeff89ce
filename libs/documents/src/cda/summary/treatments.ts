import type { XmlTree } from '../../xml/write-xml.ts';
import { hl7Time } from '../elements.ts';
import { product } from './product.ts';
import { code, inFrench, LOINC, ownId, type Scope, said, section, table, templates } from './scope.ts';

/** What the person takes, as the dossier knows it: no dose, no route. */
export function treatmentSection(scope: Scope): XmlTree {
  const { treatments = [] } = scope.dmst;
  const plan = {
    path: 'plan',
    templates: ['1.2.250.1.213.1.1.2.32'],
    code: code('18776-5', 'Plan de traitement', LOINC),
    title: 'Traitements au long cours',
  };
  if (treatments.length === 0)
    return section(scope, { ...plan, text: ['text', 'Le dossier ne mentionne aucun traitement.'] });
  return section(scope, { ...plan, sections: [medications(scope, treatments)] });
}

function medications(scope: Scope, treatments: NonNullable<Scope['dmst']['treatments']>): XmlTree {
  return section(scope, {
    path: 'treatments',
    templates: ['2.16.840.1.113883.10.20.1.8', '1.3.6.1.4.1.19376.1.5.3.1.3.19', '1.2.250.1.213.1.1.2.143'],
    code: code('10160-0', 'Traitements', LOINC),
    title: 'Traitements',
    text: [
      'text',
      [
        table(
          ['Début', 'Fin', 'Traitement', 'Classe ATC'],
          treatments.map(({ label, code: atc, from, to }, at) => [
            inFrench(from),
            inFrench(to),
            [`treatment-${at}`, label],
            atc,
          ]),
        ),
      ],
    ],
    entries: treatments.map(({ label, code: atc, from, to }, at): XmlTree => {
      const path = `treatment-${at}`;
      return [
        'entry',
        [
          [
            'substanceAdministration',
            [
              ...templates(
                '2.16.840.1.113883.10.20.1.24',
                '1.3.6.1.4.1.19376.1.5.3.1.4.7',
                '1.2.250.1.213.1.1.3.42',
                '1.3.6.1.4.1.19376.1.5.3.1.4.7.1',
              ),
              ownId(scope, path),
              [
                'code',
                [],
                {
                  code: 'DRUG',
                  displayName: 'Médicament',
                  codeSystem: '2.16.840.1.113883.5.4',
                  codeSystemName: 'HL7:ActCode',
                },
              ],
              said(path),
              ['statusCode', [], { code: 'completed' }],
              [
                'effectiveTime',
                [
                  ['low', [], from === undefined ? { nullFlavor: 'UNK' } : { value: hl7Time(from) }],
                  ['high', [], to === undefined ? { nullFlavor: 'UNK' } : { value: hl7Time(to) }],
                ],
                { 'xsi:type': 'IVL_TS' },
              ],
              ['routeCode', [], { nullFlavor: 'UNK' }],
              ['doseQuantity', [], { nullFlavor: 'UNK' }],
              ['consumable', [product(path, label, atc)]],
            ],
            { classCode: 'SBADM', moodCode: 'EVN' },
          ],
        ],
        { typeCode: 'DRIV' },
      ];
    }),
  });
}
