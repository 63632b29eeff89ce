import type { TraitsCriteria, VitaleCard } from './criteria.ts';
import { ACTIONS, NAMESPACES } from './namespaces.ts';
import { writeXml, type XmlTree } from './write-xml.ts';

/** The product as the service knows it: `instance` is the uuid of the installation. */
export interface Software {
  name: string;
  version: string;
  instance: string;
}

/** What every call carries, whatever it searches. The three ids are fresh at each call. */
export interface Call {
  ids: { bam: string; lps: string; message: string };
  at: Date;
  mandate: { idam: string; emitter: string };
  software: Software;
}

/** Search by traits: element order of INSi_RECSANS_INS.xsd, COUVERTURE present and empty. */
export function traitsEnvelope(call: Call, criteria: TraitsCriteria): string {
  return envelope(
    call,
    ACTIONS.traits,
    ['ctxbam:COUVERTURE', []],
    [
      'recsans:RECSANSVITALE',
      [
        ['recsans:NomNaissance', criteria.birthName],
        ...criteria.firstNames.map((name): XmlTree => ['recsans:Prenom', name]),
        ['recsans:Sexe', criteria.sex],
        ['recsans:DateNaissance', criteria.birthDate],
        criteria.birthPlace === undefined ? undefined : ['recsans:LieuNaissance', criteria.birthPlace],
      ],
    ],
  );
}

/** Search by Vitale card: INSi_RECVITALE_INS.xsd, the card's rights in COUVERTURE. */
export function vitaleEnvelope(call: Call, card: VitaleCard): string {
  const { beneficiary, insured } = card;
  const { nir } = beneficiary;
  const certifiedOn = nir?.certifiedOn;
  const coverage: XmlTree = [
    'ctxbam:COUVERTURE',
    [
      ['ctxbam:GrandRegime', card.scheme],
      ['ctxbam:Organisme', card.fund],
      ['ctxbam:CodeCentre', card.centre],
      [
        'ctxbam:ASSURE',
        [
          [
            'ctxbam:Id',
            [
              ['ctxbam:Num', insured.value],
              ['ctxbam:Cle', insured.key],
            ],
          ],
        ],
      ],
      [
        'ctxbam:BENEFICIAIRE',
        [
          nir && [
            'ctxbam:Nir',
            [
              ['ctxbam:Num', nir.value],
              ['ctxbam:Cle', nir.key],
              certifiedOn === undefined ? undefined : ['ctxbam:DateCertification', certifiedOn],
            ],
          ],
          ['ctxbam:DateNai', beneficiary.birthDate],
          ['ctxbam:Rang', beneficiary.birthRank],
          ['ctxbam:Porteur', beneficiary.holder],
        ],
      ],
    ],
  ];
  return envelope(call, ACTIONS.vitale, coverage, [
    'recvit:RECVITALE',
    [
      nir && [
        'recvit:MatriculeIndividu',
        [
          ['recvit:NumIdentifiant', nir.value],
          ['recvit:Cle', nir.key],
        ],
      ],
      ['recvit:MatriculeOD', [['recvit:NumIdentifiant', insured.value]]],
      ['recvit:NomNaissance', beneficiary.birthName],
      ['recvit:DateNaissance', beneficiary.birthDate],
      ['recvit:RangNaissance', beneficiary.birthRank],
    ],
  ]);
}

function envelope(call: Call, action: string, coverage: XmlTree, body: XmlTree): string {
  const { ids, mandate, software } = call;
  const at = call.at.toISOString();
  return writeXml(
    [
      'soap:Envelope',
      [
        [
          'soap:Header',
          [
            [
              'ctxbam:ContexteBAM',
              [['ctxbam:Id', ids.bam], ['ctxbam:Temps', at], ['ctxbam:Emetteur', mandate.emitter], coverage],
              { Nature: 'CTXBAM', Version: '01_02' },
            ],
            [
              'ctxlps:ContexteLPS',
              [
                ['ctxlps:Id', ids.lps],
                ['ctxlps:Temps', at],
                ['ctxlps:Emetteur', mandate.emitter],
                [
                  'ctxlps:LPS',
                  [
                    ['ctxlps:IDAM', mandate.idam, { R: '4' }],
                    ['ctxlps:Version', software.version],
                    ['ctxlps:Instance', software.instance],
                    ['ctxlps:Nom', `urn:lps:${software.name}:${software.version}`],
                  ],
                ],
              ],
              { Nature: 'CTXLPS', Version: '01_00' },
            ],
            ['wsa:Action', action],
            ['wsa:MessageID', `uuid:${ids.message}`],
          ],
        ],
        ['soap:Body', [body]],
      ],
    ],
    NAMESPACES,
  );
}
