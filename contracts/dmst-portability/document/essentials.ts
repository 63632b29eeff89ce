import { type Block, frenchDate, IDENTITY_STATUS_FRENCH, type IdentityStatus, type Section } from '#core';
import type { Dmst, Employment, Exposure, Output } from '#core/dmst';
import { CONTRACTS, FACTORS, FOLLOW_UP, OUTPUTS, TRIGGERS, word } from '#core/dmst-words';
import { facts, isCurrent, joined, list, newestFirst, quantity, section, span } from './blocks.ts';

/** Page one: what a physician reads in ten seconds. Part A has the same, without what it may not know. */
export function essentials(dmst: Dmst, today: string, status: IdentityStatus, whole: boolean): Section[] {
  const warnings = alerts(dmst, today, status);
  return [
    ...(warnings.length > 0 ? [section('Alertes', ...warnings)] : []),
    section('Poste et suivi actuels', ...work(dmst, today)),
    ...(whole ? [section('Avis et restrictions en cours', current(dmst, today))] : []),
    section('Expositions en cours', list(exposed(dmst, today), 'Aucune exposition en cours transmise.')),
  ];
}

function alerts(dmst: Dmst, today: string, status: IdentityStatus): Block[] {
  const allergies = (dmst.history ?? []).filter(({ kind }) => kind === 'ALLERGIE').map(({ label }) => label);
  const late = latestVaccinations(dmst).filter(({ nextDue }) => nextDue !== undefined && nextDue < today);
  const due = followUp(dmst, today)?.nextVisitDue;
  const texts = [
    status === 'QUAL'
      ? undefined
      : `Identité ${IDENTITY_STATUS_FRENCH[status]}, non qualifiée : à confirmer avant tout classement.`,
    due !== undefined && due < today ? `Prochaine visite dépassée : ${frenchDate(due)}.` : undefined,
    allergies.length > 0 ? `Allergies : ${allergies.join(', ')}.` : undefined,
    late.length > 0
      ? `Rappels de vaccin dépassés : ${late.map(({ vaccine }) => vaccine).join(', ')}.`
      : undefined,
    (dmst.pdp ?? []).some(({ closed }) => closed === undefined)
      ? 'Accompagnement de prévention de la désinsertion professionnelle en cours.'
      : undefined,
    (dmst.outputs ?? []).some(({ contested }) => contested === true) ? 'Avis contesté.' : undefined,
    dmst.identity.deathDate === undefined ? undefined : `Décès le ${frenchDate(dmst.identity.deathDate)}.`,
  ];
  return texts.flatMap((text) =>
    text === undefined ? [] : [{ kind: 'notice', tone: 'warning', text } as const],
  );
}

/** The last dose of each vaccine: an older one's reminder was met. */
function latestVaccinations({ vaccinations }: Dmst) {
  const newest = newestFirst(vaccinations, ({ date }) => date);
  return newest.filter(({ vaccine }, n) => newest.findIndex((other) => other.vaccine === vaccine) === n);
}

function work(dmst: Dmst, today: string): Block[] {
  const jobs = dmst.employments.filter((job) => isCurrent(job, today));
  const follow = followUp(dmst, today);
  return [
    ...(jobs.length === 0 ? [{ kind: 'text', text: 'Aucun emploi en cours transmis.' } as const] : []),
    ...jobs.map((job) => jobFacts(job)),
    facts(
      ['Suivi', follow === undefined ? 'non transmis' : FOLLOW_UP[follow.category], true],
      ['Motifs', joined((follow?.triggers ?? []).map((trigger) => word(TRIGGERS, trigger)))],
      ['Prochaine visite au plus tard', follow?.nextVisitDue && frenchDate(follow.nextVisitDue), true],
    ),
  ];
}

function jobFacts(job: Employment): Block {
  return facts(
    ['Poste', joined([job.jobTitle, job.pcsLabel ?? job.pcsCode]), true],
    ['Employeur', joined([job.employerName, job.temporaryAgency && `agence ${job.temporaryAgency.name}`])],
    ['Secteur', joined([job.nafLabel, job.nafCode], ' · ')],
    [
      'Emploi',
      joined([
        span(job),
        job.contractType && word(CONTRACTS, job.contractType),
        job.workTime === undefined ? undefined : `${quantity(job.workTime)} %`,
        job.schedule,
      ]),
    ],
  );
}

function followUp(dmst: Dmst, today: string) {
  return newestFirst(dmst.followUp, ({ from }) => from).find((follow) => isCurrent(follow, today));
}

function exposed(dmst: Dmst, today: string): string[] {
  return (dmst.exposures ?? []).filter((exposure) => isCurrent(exposure, today)).map(exposureLine);
}

function exposureLine({ label, l4161Factor, measure, intensityClass, from }: Exposure): string {
  const details = joined([
    l4161Factor === undefined ? undefined : word(FACTORS, l4161Factor),
    measure === undefined ? undefined : quantity(measure.value, measure.unit),
    intensityClass === undefined ? undefined : `intensité ${intensityClass}/4`,
    `depuis ${from.slice(0, 4)}`,
  ]);
  return `${label} (${details})`;
}

function current(dmst: Dmst, today: string): Block {
  return list(currentOutputs(dmst, today).map(outputLine), 'Aucun avis ni restriction en cours transmis.');
}

/** In force: the last of its type, not run out, for an employment that has not ended. Older ones stay in the history. */
export function currentOutputs(dmst: Dmst, today: string): Output[] {
  const newest = newestFirst(dmst.outputs, ({ date }) => date);
  return newest.filter(
    (output, n) =>
      newest.findIndex(({ type }) => type === output.type) === n &&
      (output.validUntil === undefined || output.validUntil >= today) &&
      !isOfEndedEmployment(output, dmst, today),
  );
}

function isOfEndedEmployment({ visitRef }: Output, dmst: Dmst, today: string): boolean {
  const visit = (dmst.visits ?? []).find(({ id }) => id === visitRef);
  const job = dmst.employments.find(({ id }) => id === visit?.employmentRef);
  return job?.to !== undefined && job.to < today;
}

function outputLine({ type, date, validUntil, restrictions = [], text, contested }: Output): string {
  const head = joined([
    `${OUTPUTS[type]} du ${frenchDate(date)}`,
    validUntil && `valable jusqu’au ${frenchDate(validUntil)}`,
    contested ? 'contesté' : undefined,
  ]);
  const measures = joined(
    restrictions.map(({ label }) => label),
    ' ; ',
  );
  return joined([head, joined([measures, text], '. ')], ' : ');
}
