import type { CdaPatient } from '#core/cda-document';
import type { XmlTree } from '../xml/write-xml.ts';
import { coded, id } from './elements.ts';

const GENDERS = { M: 'Masculin', F: 'Féminin', I: 'Inconnu' } as const;

/** With a matricule every strict trait is there (rule of CI-SIS); the whole list of given names has no qualifier. */
export function recordTarget(patient: CdaPatient): XmlTree {
  const { ins, localIds } = patient;
  const ids = [
    ...(ins === undefined ? [] : [{ root: ins.oid, extension: `${ins.value}${ins.key}` }]),
    ...localIds,
  ];
  return [
    'recordTarget',
    [
      [
        'patientRole',
        [
          ...ids.map(id),
          [
            'patient',
            [
              patientName(patient),
              coded('administrativeGenderCode', {
                code: patient.sex === 'I' ? 'UN' : patient.sex,
                codeSystem: '2.16.840.1.113883.5.1',
                displayName: GENDERS[patient.sex],
              }),
              ['birthTime', [], { value: patient.birthDate.replaceAll('-', '') }],
              patient.birthPlace === undefined
                ? undefined
                : ['birthplace', [['place', [['addr', [['county', patient.birthPlace]]]]]]],
            ],
          ],
        ],
      ],
    ],
  ];
}

function patientName({ birthName, firstNames, usedName, usedFirstName }: CdaPatient): XmlTree {
  return [
    'name',
    [
      ['family', birthName, { qualifier: 'BR' }],
      ['given', firstNames.join(' ')],
      ['given', firstNames[0] ?? '', { qualifier: 'BR' }],
      usedName === undefined ? undefined : ['family', usedName, { qualifier: 'CL' }],
      usedFirstName === undefined ? undefined : ['given', usedFirstName, { qualifier: 'CL' }],
    ],
  ];
}
