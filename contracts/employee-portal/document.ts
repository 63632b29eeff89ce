import {
  type Block,
  type DocumentModel,
  extractHead,
  factsBlock,
  frenchDate,
  type HookContext,
  type Section,
} from '#core';
import { PROFESSIONALS } from '#core/dmst-words';
import type { WorkerView } from './worker-view.ts';

const STATUSES: Readonly<Record<string, string>> = { PREVUE: 'prévue', TENUE: 'tenue', ANNULEE: 'annulée' };

const READERS: Readonly<Record<string, string>> = {
  ...PROFESSIONALS,
  IPRP: 'intervenant en prévention',
  ASST: 'assistant du service',
  SECRETAIRE: 'secrétaire médicale',
  'AUTRE-SPST': 'autre service de santé au travail',
  PERSONNE: 'vous-même',
};

const ACTIONS: Readonly<Record<string, string>> = {
  CONSULTATION: 'consultation',
  ECRITURE: 'écriture',
  TRANSMISSION: 'transmission',
  COPIE: 'copie',
};

/** The same content as a page that the person may keep. The documents themselves stand beside it. */
export function toDocument(view: WorkerView, context: HookContext): DocumentModel {
  return {
    title: 'Mon suivi en santé au travail',
    ...extractHead(view.person, context),
    essentials: [
      { title: 'Mon service', blocks: [service(view)] },
      { title: 'Mes rendez-vous', blocks: [appointments(view)] },
      { title: 'Mes documents', blocks: [documents(view)] },
    ],
    sections: details(view),
    readers: 'La personne elle-même. Ce qui concerne des tiers n’y figure pas.',
  };
}

function details({ exposures, vaccinations, accessLog }: WorkerView): Section[] {
  return [
    {
      title: 'Mes expositions professionnelles',
      blocks: [
        table(
          ['Exposition', 'Période', 'Prévention'],
          exposures.map(({ label, from, to, prevention = '' }) => [label, span(from, to), prevention]),
          'Aucune exposition enregistrée.',
        ),
      ],
    },
    {
      title: 'Mes vaccinations',
      blocks: [
        table(
          ['Vaccin', 'Date', 'Prochain rappel'],
          vaccinations.map(({ vaccine, date, nextDue }) => [vaccine, frenchDate(date), day(nextDue) ?? '']),
          'Aucune vaccination enregistrée.',
        ),
      ],
    },
    {
      title: 'Qui a ouvert mon dossier',
      blocks: [
        table(
          ['Date', 'Qualité', 'Action', 'Service'],
          accessLog.map(({ at, role, action, service: where = '' }) => [
            frenchDate(new Date(at).toISOString()),
            READERS[role] ?? role,
            ACTIONS[action] ?? action,
            where,
          ]),
          'Aucun accès enregistré.',
        ),
      ],
    },
  ];
}

function service({ service: { name, doctor, phone, email }, followUp, copyRequest }: WorkerView): Block {
  return factsBlock(
    ['Service', name, true],
    ['Médecin du travail', doctor],
    ['Téléphone', phone],
    ['Courriel', email],
    ['Suivi', followUp?.category],
    ['Prochaine visite au plus tard', day(followUp?.nextVisitDue), true],
    ['Copie demandée le', copyRequest && frenchDate(new Date(copyRequest.requestedAt).toISOString())],
  );
}

function appointments({ convocations }: WorkerView): Block {
  return table(
    ['Visite', 'Date', 'Lieu', 'État'],
    convocations.map(({ label, at, place = '', status }) => [
      label,
      frenchDate(new Date(at).toISOString()),
      place,
      STATUSES[status] ?? status,
    ]),
    'Aucun rendez-vous.',
  );
}

function documents(view: WorkerView): Block {
  return table(
    ['Document', 'Date', 'Valable jusqu’au'],
    view.documents.map(({ title, date, validUntil }) => [title, frenchDate(date), day(validUntil) ?? '']),
    'Aucun document.',
  );
}

function table(titles: readonly string[], rows: readonly (readonly string[])[], empty: string): Block {
  return { kind: 'table', columns: titles.map((title) => ({ title })), rows, empty };
}

function span(from: string, to: string | undefined): string {
  return to === undefined ? `depuis le ${frenchDate(from)}` : `du ${frenchDate(from)} au ${frenchDate(to)}`;
}

function day(date: string | undefined): string | undefined {
  return date === undefined ? undefined : frenchDate(date);
}
