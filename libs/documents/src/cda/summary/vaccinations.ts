import type { XmlTree } from '../../xml/write-xml.ts';
import { hl7Time } from '../elements.ts';
import { product } from './product.ts';
import { code, inFrench, LOINC, ownId, type Scope, said, section, table, templates } from './scope.ts';

/**
 * The model (VSM) names no section for them; IHE PCC's is added, as any CDA may [C]: a reader that does not know it
 * still shows its words.
 */
export function vaccinationSection(scope: Scope): XmlTree | undefined {
  const { vaccinations = [] } = scope.dmst;
  if (vaccinations.length === 0) return undefined;
  return section(scope, {
    path: 'vaccinations',
    templates: ['2.16.840.1.113883.10.20.1.6', '1.3.6.1.4.1.19376.1.5.3.1.3.23', '1.2.250.1.213.1.1.2.147'],
    code: code('11369-6', 'Historique des vaccinations', LOINC),
    title: 'Vaccinations',
    text: [
      'text',
      [
        table(
          ['Date', 'Vaccin', 'Lot', 'Rang', 'Prochaine échéance'],
          vaccinations.map(({ date, vaccine, lot, rank, nextDue }, at) => [
            inFrench(date),
            [`vaccination-${at}`, vaccine],
            lot,
            rank,
            inFrench(nextDue),
          ]),
        ),
      ],
    ],
    entries: vaccinations.map(({ vaccine, code: product_, date, lot }, at): XmlTree => {
      const path = `vaccination-${at}`;
      return [
        'entry',
        [
          [
            'substanceAdministration',
            [
              ...templates(
                '2.16.840.1.113883.10.20.1.24',
                '1.3.6.1.4.1.19376.1.5.3.1.4.12',
                '1.2.250.1.213.1.1.3.45',
              ),
              ownId(scope, path),
              [
                'code',
                [],
                {
                  code: 'IMMUNIZ',
                  displayName: 'Vaccination sans autre précision',
                  codeSystem: '2.16.840.1.113883.5.4',
                  codeSystemName: 'HL7:ActCode',
                },
              ],
              said(path),
              ['statusCode', [], { code: 'completed' }],
              ['effectiveTime', [], { value: hl7Time(date) }],
              ['consumable', [product(path, vaccine, product_, lot)], { typeCode: 'CSM' }],
            ],
            { classCode: 'SBADM', moodCode: 'EVN', negationInd: 'false' },
          ],
        ],
      ];
    }),
  });
}
