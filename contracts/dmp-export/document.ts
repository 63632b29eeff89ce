import {
  type Block,
  type DocumentModel,
  extractHead,
  frenchDate,
  type HookContext,
  type Section,
  verifiedPerson,
} from '#core';
import { titleOf } from './cda.ts';
import type { DmpDocument } from './dmp-document.ts';

const REASONS = {
  'CONSENTEMENT-RETIRE': 'La personne a retiré son consentement.',
  ERREUR: 'Le document avait été déposé par erreur.',
} as const;

const DURATIONS: Readonly<Record<string, string>> = {
  '<2h': 'moins de 2 h',
  '2-10h': '2 à 10 h',
  '10-20h': '10 à 20 h',
  '>=20h': '20 h et plus',
};

/** What the person and the professionals whom the person lets in will read. */
export function toDocument(document: DmpDocument, context: HookContext): DocumentModel {
  const { birthName, firstNames, usedName, sex, birthDate, birthPlace } = document.subject;
  const traits = {
    birthName,
    firstNames,
    ...(usedName === undefined ? {} : { usedName }),
    sex,
    birthDate,
    birthPlace,
  };
  return {
    ...extractHead(verifiedPerson(traits, context.verdict), context),
    title: titleOf(document),
    essentials: [origin(document)],
    sections: contentOf(document),
    readers: 'la personne, et les professionnels qu’elle autorise à consulter son DMP.',
  };
}

function origin({ actDate, version, professional, service, consent }: DmpDocument): Section {
  const rows = [
    { label: 'Établi par', value: `${professional.given} ${professional.family}, ${service.name}` },
    { label: 'Date', value: frenchDate(actDate) },
    { label: 'Version', value: String(version) },
    ...(consent?.at === undefined
      ? []
      : [{ label: 'Consentement', value: `donné le ${frenchDate(consent.at)}` }]),
  ];
  return { title: 'Origine', blocks: [{ kind: 'facts', rows }] };
}

function contentOf(document: DmpDocument): Section[] {
  const { withdrawal, exposures, vaccinations, surveillance, conclusion } = document;
  if (withdrawal !== undefined) {
    const text = `Document retiré le ${frenchDate(withdrawal.at)}. ${REASONS[withdrawal.reason]}`;
    return [{ title: 'Retrait', blocks: [{ kind: 'notice', tone: 'warning', text }] }];
  }
  return [
    ...(exposures === undefined ? [] : [section('Expositions', exposureTable(exposures))]),
    ...(vaccinations === undefined ? [] : [section('Vaccinations', vaccinationTable(vaccinations))]),
    ...(surveillance === undefined ? [] : [section('Surveillance', surveillanceTable(surveillance))]),
    ...(conclusion === undefined ? [] : [section('Conclusion', { kind: 'text', text: conclusion })]),
  ];
}

function section(title: string, ...blocks: Block[]): Section {
  return { title, blocks };
}

function exposureTable(exposures: NonNullable<DmpDocument['exposures']>): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Exposition', width: 4 },
      { title: 'Période', width: 2 },
      { title: 'Intensité (0 à 4)' },
      { title: 'Par semaine' },
    ],
    rows: exposures.map(({ label, from, to, intensityClass, durationClass }) => [
      label,
      to === undefined ? `depuis le ${frenchDate(from)}` : `du ${frenchDate(from)} au ${frenchDate(to)}`,
      intensityClass === undefined ? '' : String(intensityClass),
      DURATIONS[durationClass ?? ''] ?? '',
    ]),
    empty: 'Aucune',
  };
}

function vaccinationTable(vaccinations: NonNullable<DmpDocument['vaccinations']>): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Vaccin', width: 3 },
      { title: 'Date' },
      { title: 'Rang' },
      { title: 'Lot' },
      { title: 'Prochain rappel' },
    ],
    rows: vaccinations.map(({ vaccine, date, rank = '', lot = '', nextDue }) => [
      vaccine,
      frenchDate(date),
      rank,
      lot,
      nextDue === undefined ? '' : frenchDate(nextDue),
    ]),
    empty: 'Aucune',
  };
}

function surveillanceTable(surveillance: NonNullable<DmpDocument['surveillance']>): Block {
  return {
    kind: 'table',
    columns: [{ title: 'Surveillance', width: 3 }, { title: 'Motif', width: 2 }, { title: 'Jusqu’au' }],
    rows: surveillance.map(({ label, reason = '', until }) => [
      label,
      reason,
      until === undefined ? 'sans terme' : frenchDate(until),
    ]),
    empty: 'Aucune',
  };
}
