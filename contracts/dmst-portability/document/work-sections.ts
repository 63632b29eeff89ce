/** Items 1 and 2: what IPRP and ASST read too. Health members of the same items show only when they are there. */
import type { Section } from '#core';
import type { Dmst, Exposure } from '#core/dmst';
import {
  CONTRACTS,
  EXPOSURE_SOURCES,
  FACTORS,
  FOLLOW_UP,
  SIR_TRIGGERS,
  TRIGGERS,
  word,
} from '#core/dmst-words';
import {
  day,
  facts,
  isCurrent,
  joined,
  newestFirst,
  quantity,
  section,
  span,
  table,
  whenAny,
} from './blocks.ts';

export function workSections(dmst: Dmst, today: string): Section[] {
  const exposures = newestFirst(dmst.exposures, ({ from }) => from);
  const past = exposures.filter((exposure) => !isCurrent(exposure, today));
  return [
    section(
      'Expositions en cours',
      exposureTable(exposures.filter((exposure) => isCurrent(exposure, today))),
    ),
    ...whenAny(past, () => section('Expositions passées', exposureTable(past))),
    jobs(dmst),
    section(
      'Suivi individuel',
      table(
        [
          ['Catégorie', 2],
          ['Période', 2],
          ['Motifs', 3],
          ['Prochaine visite', 1],
        ],
        newestFirst(dmst.followUp, ({ from }) => from).map((follow) => [
          FOLLOW_UP[follow.category],
          span(follow),
          joined((follow.triggers ?? []).map((trigger) => word(TRIGGERS, trigger))),
          day(follow.nextVisitDue),
        ]),
        'Non transmis.',
      ),
    ),
    section(
      'Services de santé au travail',
      table(
        [
          ['Service', 3],
          ['Période', 2],
          ['Médecin du travail', 2],
        ],
        newestFirst(dmst.services, ({ from }) => from).map((service) => [
          service.spst.name,
          span(service),
          service.mt?.name,
        ]),
        'Non transmis.',
      ),
    ),
    administrative(dmst),
  ];
}

function exposureTable(exposures: readonly Exposure[]) {
  return table(
    [
      ['Exposition', 3],
      ['Période', 2],
      ['Niveau', 2],
      ['Protections', 2],
      ['Origine', 1],
    ],
    exposures.map((exposure) => [
      joined([
        exposure.label,
        exposure.l4161Factor && word(FACTORS, exposure.l4161Factor),
        exposure.sirTrigger && word(SIR_TRIGGERS, exposure.sirTrigger),
        exposure.tepCode && `TEP ${exposure.tepCode}`,
      ]),
      span(exposure),
      joined([
        exposure.intensityClass === undefined ? undefined : `intensité ${exposure.intensityClass}/4`,
        exposure.durationClass && `${exposure.durationClass} par semaine`,
        exposure.frequency?.toLowerCase(),
        exposure.measure &&
          joined([
            quantity(exposure.measure.value, exposure.measure.unit),
            exposure.measure.limit === undefined
              ? undefined
              : `limite ${quantity(exposure.measure.limit, exposure.measure.unit)}`,
          ]),
        exposure.cumulative,
      ]),
      joined([...(exposure.collectiveProtection ?? []), ...(exposure.ppe ?? [])]),
      word(EXPOSURE_SOURCES, exposure.source),
    ]),
    'Aucune exposition transmise.',
  );
}

function jobs(dmst: Dmst): Section {
  return section(
    'Emplois',
    table(
      [
        ['Poste', 3],
        ['Employeur et secteur', 3],
        ['Contrat', 2],
        ['Période', 2],
      ],
      newestFirst(dmst.employments, ({ from }) => from).map((job) => [
        joined([job.jobTitle, job.pcsLabel, job.pcsCode && `PCS ${job.pcsCode}`, job.workUnit]),
        joined([
          job.employerName,
          job.employerSiret && `SIRET ${job.employerSiret}`,
          job.nafLabel,
          job.nafCode && `${job.nafVersion ?? 'NAF'} ${job.nafCode}`,
          job.headcountBand && `effectif ${job.headcountBand}`,
          job.temporaryAgency && `agence ${job.temporaryAgency.name}`,
        ]),
        joined([
          job.contractType && word(CONTRACTS, job.contractType),
          job.workTime === undefined ? undefined : `${quantity(job.workTime)} %`,
          job.schedule,
        ]),
        span(job),
      ]),
      'Non transmis.',
    ),
  );
}

function administrative({ identity, adminHealth }: Dmst): Section {
  const doctor = adminHealth?.treatingDoctor;
  return section(
    'Coordonnées et situation administrative',
    facts(
      ['Prénom d’usage', identity.usedFirstName],
      ['Adresse', identity.contact?.address],
      ['Téléphone', identity.contact?.phone],
      ['Courriel', identity.contact?.email],
      ['Identifiant dans le service d’origine', identity.localId.value],
      [
        'Médecin traitant',
        doctor && joined([doctor.name, doctor.RPPS && `RPPS ${doctor.RPPS}`, doctor.MSSante]),
      ],
      [
        'Travailleur handicapé (RQTH)',
        adminHealth?.rqth === undefined ? undefined : adminHealth.rqth ? 'oui' : 'non',
      ],
      [
        'Invalidité',
        adminHealth?.invalidity === undefined ? undefined : `catégorie ${adminHealth.invalidity}`,
      ],
      [
        'Affection de longue durée',
        adminHealth?.ald === undefined ? undefined : adminHealth.ald ? 'oui' : 'non',
      ],
    ),
  );
}
