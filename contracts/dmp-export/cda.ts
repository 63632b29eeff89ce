import type { HookContext } from '#core';
import { CDA_CODES } from '#core/cda-codes';
import type { CdaCode, CdaDocument } from '#core/cda-document';
import type { DmpDocument, DocumentKind } from './dmp-document.ts';

/** No type of ANS's list is about occupational health: the nearest of it. */
const TYPES: Readonly<Record<DocumentKind, CdaCode>> = {
  EXPOSITIONS: CDA_CODES.types.summary,
  VACCINATIONS: CDA_CODES.types.vaccinations,
  SURVEILLANCE: CDA_CODES.types.preventionPlan,
  CONCLUSION: CDA_CODES.types.visitReport,
};

export const TITLES: Readonly<Record<DocumentKind, string>> = {
  EXPOSITIONS: 'État des expositions professionnelles',
  VACCINATIONS: 'Vaccinations en santé au travail',
  SURVEILLANCE: 'Surveillance médicale à poursuivre',
  CONCLUSION: 'Conclusion utile aux soins',
};

export function titleOf({ kind, withdrawal }: DmpDocument): string {
  return withdrawal === undefined ? TITLES[kind] : `Retrait : ${TITLES[kind]}`;
}

/** The matricule is the one that Relais found, never the sender's word. */
export function toCda(document: DmpDocument, { verdict, receivedAt }: HookContext): CdaDocument {
  const { subject, professional, service, consent, replaces } = document;
  const { birthName, firstNames, usedName, usedFirstName, sex, birthDate, birthPlace } = subject;
  const { professions, sectors, practiceSettings } = CDA_CODES;
  return {
    id: document.documentId,
    setId: document.setId,
    version: document.version,
    ...(replaces === undefined ? {} : { replaces }),
    type: TYPES[document.kind],
    title: titleOf(document),
    at: receivedAt,
    confidentiality: 'N',
    patient: {
      ...(verdict?.status === 'QUAL' && verdict.ins !== undefined ? { ins: verdict.ins } : {}),
      localIds: [],
      birthName,
      firstNames,
      ...(usedName === undefined ? {} : { usedName }),
      ...(usedFirstName === undefined ? {} : { usedFirstName }),
      sex,
      birthDate,
      birthPlace,
    },
    author: {
      ...(professional.rpps === undefined ? {} : { rpps: professional.rpps }),
      family: professional.family,
      given: professional.given,
      profession: professional.role === 'IDEST' ? professions.nurse : professions.occupationalPhysician,
    },
    organization: service,
    act: { from: document.actDate },
    sector: sectors.SA66,
    practiceSetting: practiceSettings.ambulatory,
    ...(consent === undefined
      ? {}
      : {
          consent: { root: consent.id, text: 'Consentement exprès de la personne au dépôt de ce document' },
        }),
  };
}
