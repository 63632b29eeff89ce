/** What a schema cannot say of a document. Dates are `YYYY-MM-DD`: text order is time order. */
import { type Content, type Finding, insFindings } from '#core';
import type { DmpDocument, DocumentKind } from './dmp-document.ts';

const DETAILS = {
  'dmp-export.consent-of-another-document': 'L’accord doit porter sur ce document même.',
  'dmp-export.consent-later': 'L’accord est daté d’un jour à venir.',
  'dmp-export.version-and-replaces': 'Une première version ne remplace rien ; toute autre dit laquelle.',
  'dmp-export.replaces-itself': 'Un document ne se remplace pas lui-même.',
  'dmp-export.section-missing': 'Le contenu annoncé par la nature du document est absent.',
  'dmp-export.section-foreign': 'Ce contenu n’appartient pas à un document de cette nature.',
  'dmp-export.period-ends-before-start': 'La période finit avant d’avoir commencé.',
  'dmp-export.before-birth': 'Date antérieure à la naissance.',
} as const;

const SECTIONS: Readonly<Record<DocumentKind, keyof DmpDocument>> = {
  EXPOSITIONS: 'exposures',
  VACCINATIONS: 'vaccinations',
  SURVEILLANCE: 'surveillance',
  CONCLUSION: 'conclusion',
};

export function checkDocument({ json }: Content, { now }: { now: string }): Finding[] {
  const document = json as DmpDocument;
  return [
    ...insFindings('dmp-export', document.subject.ins, '/subject/ins'),
    ...checkConsent(document, now.slice(0, 10)),
    ...checkVersion(document),
    ...checkSections(document),
    ...checkDates(document),
  ];
}

/** One consent a document: that of a withdrawn document is the one it was deposited with. */
function checkConsent({ consent, documentId, replaces, withdrawal }: DmpDocument, today: string): Finding[] {
  if (consent === undefined) return [];
  const covered = withdrawal === undefined ? documentId : replaces;
  return [
    ...(consent.documentId === covered
      ? []
      : [finding('dmp-export.consent-of-another-document', '/consent/documentId')]),
    ...(consent.at !== undefined && consent.at > today
      ? [finding('dmp-export.consent-later', '/consent/at')]
      : []),
  ];
}

function checkVersion({ version, replaces, documentId, withdrawal }: DmpDocument): Finding[] {
  const later = version > 1 || withdrawal !== undefined;
  return [
    ...(later === (replaces !== undefined) ? [] : [finding('dmp-export.version-and-replaces', '/replaces')]),
    ...(replaces === documentId ? [finding('dmp-export.replaces-itself', '/replaces')] : []),
  ];
}

function checkSections(document: DmpDocument): Finding[] {
  const own = document.withdrawal === undefined ? SECTIONS[document.kind] : undefined;
  return Object.values(SECTIONS).flatMap((section) => {
    const value = document[section];
    const isThere = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (section === own) return isThere ? [] : [finding('dmp-export.section-missing', `/${section}`)];
    return isThere ? [finding('dmp-export.section-foreign', `/${section}`)] : [];
  });
}

function checkDates({ exposures = [], vaccinations = [], subject }: DmpDocument): Finding[] {
  return [
    ...exposures.flatMap(({ from, to }, n) =>
      to !== undefined && to < from
        ? [finding('dmp-export.period-ends-before-start', `/exposures/${n}/to`)]
        : [],
    ),
    ...vaccinations.flatMap(({ date }, n) =>
      date < subject.birthDate ? [finding('dmp-export.before-birth', `/vaccinations/${n}/date`)] : [],
    ),
  ];
}

function finding(code: keyof typeof DETAILS, pointer: string): Finding {
  return { pointer, code, detail: DETAILS[code] };
}
