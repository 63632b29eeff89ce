/**
 * CDA R2 level 1 (N1): the header of CI-SIS "structuration minimale" around one PDF. ANS asks PDF/A-1 of the PDF.
 * The rules and OIDs are those of ANS's own schematron (profile 1.2.250.1.213.1.1.1.1).
 */
import { BrokerError } from '#core';
import type { CdaDocument, CdaOrganization } from '#core/cda-document';
import { writeXml, type XmlTree } from '../xml/write-xml.ts';
import {
  base64,
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

const TEMPLATES = ['2.16.840.1.113883.2.8.2.1', '1.2.250.1.213.1.1.1.1', '1.3.6.1.4.1.19376.1.2.20'];
const CONFIDENTIALITY = { N: 'Normal', R: 'Restreint', V: 'Très restreint' } as const;

/** @throws BrokerError `content.invalid` when CI-SIS asks for what the document does not say */
export function writeCda(document: CdaDocument, pdf: Uint8Array): Uint8Array {
  refuseIncomplete(document);
  const { type, title, at, confidentiality, setId, version } = document;
  return writeXml(
    [
      'ClinicalDocument',
      [
        ['realmCode', [], { code: 'FR' }],
        ['typeId', [], { root: '2.16.840.1.113883.1.3', extension: 'POCD_HD000040' }],
        ...TEMPLATES.map((root): XmlTree => ['templateId', [], { root }]),
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
        [
          'component',
          [['nonXMLBody', [['text', base64(pdf), { mediaType: 'application/pdf', representation: 'B64' }]]]],
        ],
      ],
    ],
    'urn:hl7-org:v3',
  );
}

function refuseIncomplete({ patient, organization }: CdaDocument): void {
  const missing =
    (patient.ins === undefined && patient.localIds.length === 0) ||
    (patient.ins !== undefined && patient.birthPlace === undefined) ||
    patient.firstNames.length === 0 ||
    (organization.siret === undefined && organization.finess === undefined);
  if (!missing) return;
  throw new BrokerError('content.invalid', {
    detail:
      'L’en-tête CDA demande un identifiant du patient (avec le lieu de naissance pour une INS) et celui de la structure.',
  });
}

function author({ author: professional, organization, at }: CdaDocument): XmlTree {
  return [
    'author',
    [
      ['time', [], { value: hl7Time(at) }],
      [
        'assignedAuthor',
        [
          professionalId(professional),
          coded('code', professional.profession),
          ['assignedPerson', [personName(professional)]],
          organisationTree('representedOrganization', organization),
        ],
      ],
    ],
  ];
}

function custodian(organization: CdaOrganization): XmlTree {
  return [
    'custodian',
    [['assignedCustodian', [organisationTree('representedCustodianOrganization', organization)]]],
  ];
}

function legalAuthenticator({ author: professional, at }: CdaDocument): XmlTree {
  return [
    'legalAuthenticator',
    [
      ['time', [], { value: hl7Time(at) }],
      ['signatureCode', [], { code: 'S' }],
      ['assignedEntity', [professionalId(professional), ['assignedPerson', [personName(professional)]]]],
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
          actTime(act),
          [
            'performer',
            [
              [
                'assignedEntity',
                [
                  professionalId(professional),
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
