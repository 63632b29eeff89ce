/** One invented structure as the Annuaire Santé would write it. */
export interface ListedStructure {
  name: string;
  finess?: string;
  siret?: string;
  /** SA66 by default */
  sector?: string;
  mailboxes?: readonly { address: string; type?: string; redList?: boolean; unmarked?: boolean }[];
  /** hexadecimal text of a certificate */
  certificate?: string;
  active?: boolean;
}

const PROFILES = 'https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition';

export function organization(one: ListedStructure): object {
  const { name, finess, siret, sector = 'SA66', mailboxes = [], certificate, active = true } = one;
  return {
    resourceType: 'Organization',
    id: `technique-${finess ?? siret}`,
    active,
    name,
    identifier: [
      ...(finess === undefined ? [] : [{ system: 'https://finess.esante.gouv.fr', value: finess }]),
      ...(siret === undefined ? [] : [{ system: 'https://sirene.fr', value: siret }]),
    ],
    type: [
      {
        coding: [
          {
            system: 'https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite',
            code: sector,
          },
        ],
      },
    ],
    telecom: [
      { system: 'phone', value: '0100000000' },
      ...mailboxes.map(({ address, type = 'ORG', redList = false, unmarked = false }) => ({
        system: 'email',
        value: address,
        ...(unmarked ? {} : { extension: [metadata(type, redList)] }),
      })),
    ],
    ...(certificate === undefined ? {} : { extension: [published(certificate)] }),
  };
}

function metadata(type: string, redList: boolean): object {
  return {
    url: `${PROFILES}/as-ext-mailbox-mss-metadata`,
    extension: [
      {
        url: 'type',
        valueCodeableConcept: {
          coding: [
            { system: 'https://mos.esante.gouv.fr/NOS/TRE_R257-TypeBAL/FHIR/TRE-R257-TypeBAL', code: type },
          ],
        },
      },
      { url: 'description', valueString: 'Dossiers de santé au travail' },
      { url: 'listeRouge', valueBoolean: redList },
    ],
  };
}

function published(certificate: string): object {
  return {
    url: `${PROFILES}/as-ext-digital-certificate`,
    extension: [{ url: 'value', valueAttachment: { data: Buffer.from(certificate).toString('base64') } }],
  };
}
