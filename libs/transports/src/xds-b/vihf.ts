/**
 * VIHF: the SAML 2.0 assertion by which a call to the DMP says who asks, for whom and with what software. Indirect mode,
 * role AUTOMATE (ANS's table of attributes, in the IG "transmission de document CDA R2"; its own sample differs on the
 * version, which is a setting). Fresh at each call, valid for minutes.
 */
import { X509Certificate } from 'node:crypto';
import type { DmpChannel, DmpMandate, Ins, SealMandate } from '#core';
import type { XmlTree } from '../soap/write-xml.ts';
import { distinguishedName } from './distinguished-name.ts';

export interface Software {
  name: string;
  version: string;
}

export interface VihfOrder {
  /** xs:ID, never used before */
  id: string;
  at: Date;
  mandate: Pick<DmpMandate, 'structureId' | 'responsible' | 'homologation'>;
  seal: Pick<SealMandate, 'certificate'>;
  channel: Pick<DmpChannel, 'vihfVersion' | 'sector'>;
  /** whose record */
  ins: Ins;
  software: Software;
}

const SECTORS = '1.2.250.1.71.4.2.4';
const AUTOMAT = {
  code: 'AUTOMATE',
  codeSystem: '1.2.250.1.213.1.1.4.6',
  displayName: 'Automate',
};
const NORMAL_ACCESS = {
  code: 'normal',
  codeSystem: '1.2.250.1.213.1.1.4.248',
  displayName: 'Accès normal',
};
/** clocks of two sides differ */
const SKEW_MS = 2 * 60_000;
const LIFE_MS = 5 * 60_000;

/** Unsigned: its Signature goes after Issuer. */
export function vihf(order: VihfOrder): XmlTree {
  const { id, at, mandate, seal, channel, ins, software } = order;
  const instant = (ms: number) => new Date(at.getTime() + ms).toISOString();
  return [
    'saml2:Assertion',
    [
      [
        'saml2:Issuer',
        distinguishedName(new X509Certificate(seal.certificate).subject),
        { Format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName' },
      ],
      ['saml2:Subject', [['saml2:NameID', mandate.responsible]]],
      ['saml2:Conditions', [], { NotBefore: instant(-SKEW_MS), NotOnOrAfter: instant(LIFE_MS) }],
      [
        'saml2:AuthnStatement',
        [
          [
            'saml2:AuthnContext',
            [['saml2:AuthnContextClassRef', 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified']],
          ],
        ],
        { AuthnInstant: instant(0) },
      ],
      [
        'saml2:AttributeStatement',
        [
          attribute('VIHF_Version', channel.vihfVersion),
          attribute('Authentification_Mode', 'INDIRECTE'),
          attribute('Identifiant_Structure', mandate.structureId),
          attribute('Secteur_Activite', `${channel.sector}^${SECTORS}`),
          attribute('urn:oasis:names:tc:xspa:1.0:subject:subject-id', `${software.name} ${software.version}`),
          coded('urn:oasis:names:tc:xacml:2.0:subject:role', 'hl7:Role', AUTOMAT),
          attribute('urn:oasis:names:tc:xacml:2.0:resource:resource-id', patientCx(ins)),
          attribute('Ressource_URN', 'urn:dmp'),
          coded('urn:oasis:names:tc:xspa:1.0:subject:purposeofuse', 'hl7:PurposeOfUse', NORMAL_ACCESS),
          attribute('LPS_Nom', software.name),
          attribute('LPS_Version', software.version),
          attribute('LPS_ID_HOMOLOGATION_DMP', mandate.homologation),
        ],
      ],
    ],
    { ID: id, IssueInstant: instant(0), Version: '2.0' },
  ];
}

/** `<matricule of 15>^^^&<OID>&ISO^NH` */
export function patientCx({ value, key, oid }: Ins): string {
  return `${value}${key}^^^&${oid}&ISO^NH`;
}

function attribute(name: string, value: string): XmlTree {
  return ['saml2:Attribute', [['saml2:AttributeValue', value]], { Name: name }];
}

/** HL7 v3 CE */
function coded(name: string, element: string, code: Readonly<Record<string, string>>): XmlTree {
  const value: XmlTree = [element, [], { 'xsi:type': 'hl7:CE', ...code }];
  return ['saml2:Attribute', [['saml2:AttributeValue', [value]]], { Name: name }];
}
