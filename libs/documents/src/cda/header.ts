/**
 * The header of CI-SIS "structuration minimale" around one body. Rules and OIDs are those of ANS's own schematron
 * (profile 1.2.250.1.213.1.1.1.1).
 */
import { BrokerError } from '#core';
import type { CdaDocument, CdaOrganization } from '#core/cda-document';
import type { XmlTree } from '../xml/write-xml.ts';
import {
  coded,
  hl7Root,
  hl7Time,
  id,
  organisationTree,
  personName,
  professionalId,
  structureId,
} from './elements.ts';
import { recordTarget } from './record-target.ts';

const TEMPLATES = ['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1'];
const CONFIDENTIALITY = { N: 'Normal', R: 'Restreint', V: 'Très restreint' } as const;

/**
 * @param model template that the body follows
 * @throws BrokerError `content.invalid` when CI-SIS asks for what the document does not say
 */
export function clinicalDocument(
  document: CdaDocument,
  model: { root: string; extension?: string },
  body: XmlTree,
): XmlTree {
  refuseIncomplete(document);
  const { type, title, at, confidentiality, setId, version } = document;
  return [
    'ClinicalDocument',
    [
      ['realmCode', [], { code: 'FR' }],
      ['typeId', [], { root: '2.16.840.1.113883.1.3', extension: 'POCD_HD000040' }],
      ...TEMPLATES.map((root): XmlTree => ['templateId', [], { root }]),
      ['templateId', [], model],
      id({ root: document.id }),
      coded('code', type),
      ['title', title],
      ['effectiveTime', [], { value: hl7Time(at) }],
      coded('confidentialityCode', {
        code: confidentiality,
        codeSystem: '2.16.840.1.113883.5.25',
        displayName: CONFIDENTIALITY[confidentiality],
      }),
      ['languageCode', [], { code: 'fr-FR' }],
      ['setId', [], { root: hl7Root(setId) }],
      ['versionNumber', [], { value: String(version) }],
      recordTarget(document.patient),
      author(document),
      custodian(document.organization),
      legalAuthenticator(document),
      documentationOf(document),
      relatedDocument(document.replaces),
      authorization(document.consent),
      componentOf(document),
      ['component', [body]],
    ],
  ];
}

function refuseIncomplete({ patient, organization, author }: CdaDocument): void {
  const missing =
    (patient.ins === undefined && patient.localIds.length === 0) ||
    (patient.ins !== undefined && patient.birthPlace === undefined) ||
    patient.firstNames.length === 0 ||
    (organization.siret === undefined && organization.finess === undefined) ||
    (author.rpps ?? author.localId ?? '') === '';
  if (!missing) return;
  throw new BrokerError('content.invalid', {
    detail:
      'L’en-tête CDA demande un identifiant du patient (avec le lieu de naissance pour une INS), celui de la structure et celui de l’auteur.',
  });
}

function author({ author: professional, device, organization, at }: CdaDocument): XmlTree {
  const who: XmlTree[] =
    device === undefined
      ? [
          professionalId(professional, organization),
          coded('code', professional.profession),
          ['assignedPerson', [personName(professional)]],
        ]
      : [
          id(device.id),
          [
            'assignedAuthoringDevice',
            [
              ['manufacturerModelName', device.model],
              ['softwareName', device.software],
            ],
          ],
        ];
  return [
    'author',
    [
      ['time', [], { value: hl7Time(at) }],
      ['assignedAuthor', [...who, organisationTree('representedOrganization', organization)]],
    ],
  ];
}

function custodian(organization: CdaOrganization): XmlTree {
  return [
    'custodian',
    [['assignedCustodian', [organisationTree('representedCustodianOrganization', organization)]]],
  ];
}

function legalAuthenticator({ author: professional, organization, at }: CdaDocument): XmlTree {
  return [
    'legalAuthenticator',
    [
      ['time', [], { value: hl7Time(at) }],
      ['signatureCode', [], { code: 'S' }],
      [
        'assignedEntity',
        [professionalId(professional, organization), ['assignedPerson', [personName(professional)]]],
      ],
    ],
  ];
}

function documentationOf({ act, author: professional, organization, practiceSetting }: CdaDocument): XmlTree {
  return [
    'documentationOf',
    [
      [
        'serviceEvent',
        [
          act.code && coded('code', act.code),
          actTime(act),
          [
            'performer',
            [
              [
                'assignedEntity',
                [
                  professionalId(professional, organization),
                  ['assignedPerson', [personName(professional)]],
                  organisationTree('representedOrganization', organization, [
                    coded('standardIndustryClassCode', practiceSetting),
                  ]),
                ],
              ],
            ],
            { typeCode: 'PRF' },
          ],
        ],
      ],
    ],
  ];
}

function relatedDocument(replaces: string | undefined): XmlTree | undefined {
  return replaces === undefined
    ? undefined
    : ['relatedDocument', [['parentDocument', [id({ root: replaces })]]], { typeCode: 'RPLC' }];
}

/** No published code says to what the person agreed: it is said in words. */
function authorization(consent: CdaDocument['consent']): XmlTree | undefined {
  if (consent === undefined) return undefined;
  return [
    'authorization',
    [
      [
        'consent',
        [
          id(consent),
          ['code', [['originalText', consent.text]], { nullFlavor: 'OTH' }],
          ['statusCode', [], { code: 'completed' }],
        ],
      ],
    ],
  ];
}

function componentOf({ act, organization, sector }: CdaDocument): XmlTree {
  return [
    'componentOf',
    [
      [
        'encompassingEncounter',
        [
          actTime(act),
          ['location', [['healthCareFacility', [structureId(organization), coded('code', sector)]]]],
        ],
      ],
    ],
  ];
}

function actTime({ from, to }: CdaDocument['act']): XmlTree {
  return [
    'effectiveTime',
    [
      ['low', [], { value: hl7Time(from) }],
      to === undefined ? undefined : ['high', [], { value: hl7Time(to) }],
    ],
  ];
}
