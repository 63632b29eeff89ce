import { Link } from 'wouter';
import type { EmployerPublication, Output, Recommendations } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { calendarDay, momentOf } from '../ui/dates.ts';
import { Facts } from '../ui/facts.tsx';
import { Notice } from '../ui/notice.tsx';
import { OUTPUTS, VISITS } from '../words/outputs.ts';
import { PROFESSIONALS } from '../words/professionals.ts';
import { EstablishmentView } from './establishment.tsx';
import { nameOf, SIR_TRIGGERS } from './words.ts';

/** One publication, by the closed list of what an employer may see. Opening it is the dated proof that it came. */
export function PublicationPage({ id }: { id: string }) {
  const { value: publication, problem } = useCall<EmployerPublication>(`/v1/employer/publications/${id}`);
  return (
    <main id="contenu">
      {problem !== undefined && <h1>Document reçu</h1>}
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {publication !== undefined && <Publication publication={publication} />}
      <p>
        <Link href="/employeur">Tous les documents reçus</Link>
      </p>
    </main>
  );
}

function Publication({ publication: { service, publishedAt, view } }: { publication: EmployerPublication }) {
  const { employer, output, recommendations, establishment } = view;
  return (
    <>
      <h1>
        {output !== undefined && OUTPUTS[output.type]}
        {recommendations !== undefined && 'Préconisations du médecin du travail'}
        {establishment !== undefined && employer.name}
      </h1>
      <p className="quiet">
        Déposé par {service.name} le {momentOf(publishedAt)}. Le service sait que vous l’avez lu, et quand.
      </p>
      {output !== undefined && <OutputView output={output} />}
      {recommendations !== undefined && <RecommendationsView recommendations={recommendations} />}
      {establishment !== undefined && <EstablishmentView establishment={establishment} />}
    </>
  );
}

function OutputView({ output }: { output: Output }) {
  const {
    worker,
    jobTitle,
    visit,
    professional,
    nextVisitBy,
    sirTriggers,
    measures = [],
    appealDays,
  } = output;
  const { document, unfitness } = output;
  return (
    <>
      <Facts
        facts={[
          ['Salarié', nameOf(worker)],
          ['Né(e) le', calendarDay(worker.birthDate)],
          ['Poste', jobTitle],
          ['Visite', `${VISITS[visit.type]}, le ${calendarDay(visit.date)}`],
          ['Par', `${professional.name}, ${PROFESSIONALS[professional.role]}`],
          ['Suivi renforcé', sirTriggers?.map((trigger) => SIR_TRIGGERS[trigger]).join(', ')],
          ['Prochaine visite', nextVisitBy && `avant le ${calendarDay(nextVisitBy)}`],
          ['Référence', `${document.id}, ${document.pages} page${document.pages > 1 ? 's' : ''}`],
          [
            'Recours',
            appealDays &&
              `${appealDays} jours à compter de la notification, devant le conseil de prud’hommes`,
          ],
        ]}
      />
      <Measures measures={measures} />
      {unfitness !== undefined && <Unfitness unfitness={unfitness} />}
    </>
  );
}

const EXEMPTIONS: Readonly<Record<NonNullable<Output['unfitness']>['exemption'], string>> = {
  AUCUNE: 'aucune : le reclassement est à rechercher',
  'MAINTIEN-PREJUDICIABLE': 'tout maintien dans un emploi serait gravement préjudiciable à la santé',
  'TOUT-EMPLOI': 'l’état de santé fait obstacle à tout reclassement dans un emploi',
};

function Unfitness({ unfitness }: { unfitness: NonNullable<Output['unfitness']> }) {
  return (
    <>
      <h2>Ce qui a précédé l’avis</h2>
      <Facts
        facts={[
          ['Étude du poste', calendarDay(unfitness.postStudiedOn)],
          ['Étude des conditions de travail', calendarDay(unfitness.conditionsStudiedOn)],
          ['Échange avec vous', calendarDay(unfitness.employerHeardOn)],
          ['Fiche d’entreprise à jour du', calendarDay(unfitness.companyFileUpdatedOn)],
          ['Dispense de reclassement', EXEMPTIONS[unfitness.exemption]],
        ]}
      />
    </>
  );
}

function RecommendationsView({ recommendations }: { recommendations: Recommendations }) {
  const { worker, jobTitle, measures, professional, date } = recommendations;
  return (
    <>
      <Facts
        facts={[
          ['Salarié', nameOf(worker)],
          ['Né(e) le', calendarDay(worker.birthDate)],
          ['Poste', jobTitle],
          ['Par', `${professional.name}, ${PROFESSIONALS[professional.role]}, le ${calendarDay(date)}`],
        ]}
      />
      <Measures measures={measures} />
    </>
  );
}

function Measures({ measures }: { measures: readonly string[] }) {
  if (measures.length === 0) return null;
  return (
    <>
      <h2>Mesures proposées</h2>
      <ul>
        {measures.map((measure) => (
          <li key={measure}>{measure}</li>
        ))}
      </ul>
    </>
  );
}
