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

type Allergy = NonNullable<Dmst['history']>[number] & { path: string };

/** ICD-10 Z88: personal history of allergy to drugs. The dossier says no other kind. */
const DRUGS = /^Z88/;

/** None when the dossier names none: that nobody recorded one does not mean that there is none. */
export function allergySection(scope: Scope): XmlTree | undefined {
  const allergies = (scope.dmst.history ?? []).flatMap((one, at): Allergy[] =>
    one.kind === 'ALLERGIE' ? [{ ...one, path: `allergy-${at}` }] : [],
  );
  if (allergies.length === 0) return undefined;
  return section(scope, {
    path: 'allergies',
    templates: ['2.16.840.1.113883.10.20.1.2', '1.3.6.1.4.1.19376.1.5.3.1.3.13', '1.2.250.1.213.1.1.2.137'],
    code: code('48765-2', 'Allergies et hypersensibilités', LOINC),
    title: 'Allergies et hypersensibilités',
    text: [
      'text',
      [
        table(
          ['Début', 'Fin', 'Allergie'],
          allergies.map(({ path, label, onset, end }) => [inFrench(onset), inFrench(end), [path, label]]),
        ),
      ],
    ],
    entries: allergies.map((one): XmlTree => ['entry', [concern(scope, one)]]),
  });
}

function concern(scope: Scope, allergy: Allergy): XmlTree {
  const { path, onset, end } = allergy;
  return [
    'act',
    [
      ...templates(
        '2.16.840.1.113883.10.20.1.27',
        '1.3.6.1.4.1.19376.1.5.3.1.4.5.1',
        '1.3.6.1.4.1.19376.1.5.3.1.4.5.3',
        '1.2.250.1.213.1.1.3.40',
      ),
      ownId(scope, `${path}/concern`),
      ['code', [], { nullFlavor: 'NA' }],
      ['statusCode', [], { code: end === undefined ? 'active' : 'completed' }],
      interval(onset, end),
      ['entryRelationship', [observation(scope, allergy)], { typeCode: 'SUBJ', inversionInd: 'false' }],
    ],
    { classCode: 'ACT', moodCode: 'EVN' },
  ];
}

function observation(scope: Scope, { path, label, code: cim10, onset, end }: Allergy): XmlTree {
  const drug = DRUGS.test(cim10 ?? '');
  return [
    'observation',
    [
      ...templates(
        '2.16.840.1.113883.10.20.1.18',
        '2.16.840.1.113883.10.20.1.28',
        '1.3.6.1.4.1.19376.1.5.3.1.4.5',
        '1.3.6.1.4.1.19376.1.5.3.1.4.6',
        '1.2.250.1.213.1.1.3.41',
      ),
      ownId(scope, path),
      drug
        ? code('416098002', 'allergie médicamenteuse', SNOMED)
        : code('420134006', 'propension à des effets indésirables', SNOMED),
      said(path),
      ['statusCode', [], { code: 'completed' }],
      interval(onset, end, { 'xsi:type': 'IVL_TS' }),
      [
        'value',
        [originalText(path)],
        { 'xsi:type': 'CD', ...(cim10 === undefined ? {} : { code: cim10, displayName: label, ...CIM10 }) },
      ],
      [
        'participant',
        [
          [
            'participantRole',
            [
              [
                'playingEntity',
                [
                  ['code', [originalText(path)], { nullFlavor: 'UNK' }],
                  ['name', label],
                ],
                { classCode: 'MMAT' },
              ],
            ],
            { classCode: 'MANU' },
          ],
        ],
        { typeCode: 'CSM' },
      ],
    ],
    { classCode: 'OBS', moodCode: 'EVN', negationInd: 'false' },
  ];
}
