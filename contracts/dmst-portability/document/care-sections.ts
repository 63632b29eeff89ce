/** Items 3 to 7: health professionals only. */
import type { Section } from '#core';
import type { Dmst, Exam } from '#core/dmst';
import { HISTORY, OUTPUTS, PROFESSIONALS, VISITS, word } from '#core/dmst-words';
import { day, joined, newestFirst, quantity, section, table, whenAny, yesNo } from './blocks.ts';
import { followSections } from './follow-sections.ts';

const NOT_SENT = 'Non transmis.';

export function careSections(dmst: Dmst): Section[] {
  return [
    visits(dmst),
    outputs(dmst),
    section(
      'Antécédents et allergies',
      table(
        [
          ['Nature', 1],
          ['Libellé', 4],
          ['Code', 1],
          ['Début', 1],
          ['Fin', 1],
        ],
        (dmst.history ?? []).map((item) => [
          word(HISTORY, item.kind),
          item.label,
          item.code,
          day(item.onset),
          day(item.end),
        ]),
        NOT_SENT,
      ),
    ),
    section(
      'Vaccinations',
      table(
        [
          ['Vaccin', 3],
          ['Date', 1],
          ['Rang', 1],
          ['Lot', 1],
          ['Prochain rappel', 1],
        ],
        newestFirst(dmst.vaccinations, ({ date }) => date).map((dose) => [
          joined([dose.vaccine, dose.code]),
          day(dose.date),
          dose.rank,
          dose.lot,
          day(dose.nextDue),
        ]),
        NOT_SENT,
      ),
    ),
    ...whenAny(dmst.exams, () => exams(dmst)),
    ...whenAny(dmst.occupationalEvents, () => events(dmst)),
    ...whenAny(dmst.treatments, () =>
      section(
        'Traitements',
        table(
          [
            ['Traitement', 4],
            ['Code', 1],
            ['Début', 1],
            ['Fin', 1],
          ],
          (dmst.treatments ?? []).map((item) => [item.label, item.code, day(item.from), day(item.to)]),
          NOT_SENT,
        ),
      ),
    ),
    ...whenAny(dmst.symptomsByVisit, () => symptoms(dmst)),
    ...followSections(dmst),
  ];
}

function visits(dmst: Dmst): Section {
  return section(
    'Visites et examens',
    table(
      [
        ['Date', 1],
        ['Type', 3],
        ['Professionnel', 2],
        ['Suivi', 1],
        ['Motif', 1],
      ],
      newestFirst(dmst.visits, ({ date }) => date).map((visit) => [
        day(visit.date),
        joined([word(VISITS, visit.type), visit.modality === 'TELE' ? 'à distance' : undefined]),
        joined([visit.professional.name, word(PROFESSIONALS, visit.professional.role)]),
        visit.followUpCategory,
        visit.reasonCode,
      ]),
      NOT_SENT,
    ),
  );
}

function outputs(dmst: Dmst): Section {
  return section(
    'Attestations, avis et propositions',
    table(
      [
        ['Date', 1],
        ['Document', 2],
        ['Restrictions et texte', 4],
        ['Valable jusqu’au', 1],
        ['Contesté', 1],
      ],
      newestFirst(dmst.outputs, ({ date }) => date).map((output) => [
        day(output.date),
        OUTPUTS[output.type],
        joined([...(output.restrictions ?? []).map(({ label }) => label), output.text], ' ; '),
        day(output.validUntil),
        yesNo(output.contested),
      ]),
      NOT_SENT,
    ),
  );
}

function exams(dmst: Dmst): Section {
  return section(
    'Examens complémentaires',
    table(
      [
        ['Date', 1],
        ['Examen', 3],
        ['Résultat', 2],
        ['Référence', 1],
        ['Interprétation', 2],
      ],
      newestFirst(dmst.exams, ({ date }) => date).map((exam) => [
        day(exam.date),
        joined([exam.label, exam.code && `LOINC ${exam.code}`]),
        result(exam),
        exam.ref,
        exam.interpretation,
      ]),
      NOT_SENT,
    ),
  );
}

function result({ value, unit, series = [] }: Exam): string {
  return joined(
    [quantity(value, unit), ...series.map((point) => `${point.label} : ${quantity(point.value, unit)}`)],
    ' ; ',
  );
}

function events(dmst: Dmst): Section {
  return section(
    'Accidents du travail et maladies professionnelles',
    table(
      [
        ['Date', 1],
        ['Nature', 1],
        ['Libellé', 3],
        ['Reconnu', 1],
        ['Suites', 2],
      ],
      newestFirst(dmst.occupationalEvents, ({ date }) => date).map((event) => [
        day(event.date),
        joined([event.type, event.tableMP]),
        joined([event.label, event.cim10]),
        yesNo(event.recognised),
        joined([
          event.stopDays === undefined ? undefined : `${event.stopDays} jours d’arrêt`,
          event.ipp === undefined ? undefined : `IPP ${quantity(event.ipp)} %`,
        ]),
      ]),
      NOT_SENT,
    ),
  );
}

function symptoms(dmst: Dmst): Section {
  const dates = new Map((dmst.visits ?? []).map(({ id, date }) => [id, date]));
  return section(
    'Plaintes et symptômes',
    table(
      [
        ['Visite', 1],
        ['Libellé', 4],
        ['Code', 1],
      ],
      (dmst.symptomsByVisit ?? []).map((item) => [day(dates.get(item.visitRef)), item.label, item.code]),
      NOT_SENT,
    ),
  );
}
