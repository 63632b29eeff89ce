import { type Block, type DocumentModel, extractHead, factsBlock, frenchDate, type HookContext } from '#core';
import type { Extract, Span } from './extract.ts';
import { CAUSES, LASTING, MEASURES } from './words.ts';

/** The extract as a page for the medical adviser: what is asked first, then the work, then the contact. */
export function toDocument(extract: Extract, context: HookContext): DocumentModel {
  return {
    title: 'Extrait du dossier pour la prévention de la désinsertion professionnelle',
    ...extractHead(extract.person, context),
    essentials: [
      { title: 'Question posée', blocks: [{ kind: 'text', text: extract.question ?? 'Avis demandé.' }] },
      { title: 'Mesures proposées', blocks: [measures(extract)] },
      { title: 'Restrictions prévues', blocks: [restrictions(extract)] },
    ],
    sections: [
      { title: 'Arrêt et préreprise', blocks: [stopAndVisit(extract)] },
      { title: 'Poste et conditions de travail', blocks: work(extract) },
      { title: 'Médecin du travail et accord', blocks: [contact(extract)] },
    ],
    readers: 'Médecins-conseils du service médical de l’Assurance maladie, de médecin à médecin.',
  };
}

function measures({ proposedMeasures }: Extract): Block {
  return {
    kind: 'table',
    columns: [{ title: 'Mesure' }, { title: 'Période' }, { title: 'Précision', width: 2 }],
    rows: proposedMeasures.map(({ measure, detail, ...span }) => [
      MEASURES[measure],
      period(span),
      detail ?? '',
    ]),
    empty: 'Aucune mesure proposée.',
  };
}

function restrictions(extract: Extract): Block {
  const items = extract.restrictions.map(({ label, lasting, until }) => {
    const end = until === undefined ? '' : `, jusqu’au ${frenchDate(until)}`;
    return `${label} (${LASTING[lasting] ?? lasting}${end})`;
  });
  return { kind: 'list', items, empty: 'Aucune restriction prévue.' };
}

function stopAndVisit({ stop, preReturnVisit }: Extract): Block {
  return factsBlock(
    ['Arrêt depuis le', day(stop?.from)],
    ['Cause', stop?.cause === undefined ? undefined : CAUSES[stop.cause]],
    ['Reprise prévue le', day(stop?.expectedReturn)],
    ['Visite de préreprise du', day(preReturnVisit?.date)],
    ['Conclusions', preReturnVisit?.conclusions ?? 'Pas de visite de préreprise transmise.', true],
  );
}

function work({ job }: Extract): Block[] {
  const { title, pcsCode, employerName, employerSiret, since, workTime, schedule, conditions } = job;
  return [
    factsBlock(
      ['Poste', pcsCode === undefined ? title : `${title} (PCS ${pcsCode})`, true],
      ['Depuis le', day(since)],
      ['Employeur', employerName === undefined ? employerSiret : `${employerName} (${employerSiret})`],
      ['Temps de travail', workTime === undefined ? undefined : `${String(workTime).replace('.', ',')} %`],
      ['Horaires', schedule],
    ),
    {
      kind: 'list',
      items: conditions.map(({ label, intensityClass }) =>
        intensityClass === undefined ? label : `${label} (intensité ${intensityClass}/4)`,
      ),
      empty: 'Aucune condition transmise.',
    },
  ];
}

function contact({ author, agreement, legalGate }: Extract): Block {
  return factsBlock(
    ['Médecin du travail', author.name, true],
    ['RPPS', author.rpps],
    ['Téléphone', author.phone],
    ['Messagerie', author.email],
    ['Accord du travailleur', day(agreement?.at)],
    ['Informé, sans opposition', day(legalGate?.informedAt)],
  );
}

function period({ from, to }: Span): string {
  const parts = [
    from === undefined ? '' : `du ${frenchDate(from)}`,
    to === undefined ? '' : `au ${frenchDate(to)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function day(date: string | undefined): string | undefined {
  return date === undefined ? undefined : frenchDate(date);
}
