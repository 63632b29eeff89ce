import { useEffect } from 'react';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { Bars } from '../ui/bars.tsx';
import { dayOf, momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { age } from '../words/deliveries.ts';

type Overview = Api['Overview'];

const AGAIN_MS = 15_000;

/** The fifteen flows at a glance: figures only, of nobody. */
export function OverviewPage() {
  const { value: overview, problem, again } = useCall<Overview>('/v1/operations/overview');
  useEffect(() => {
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <main id="contenu" className="wide">
      <h1>Vue d’ensemble</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {overview !== undefined && (
        <>
          <p className="quiet">Vingt-quatre heures, le {momentOf(overview.at)}</p>
          <Flows overview={overview} />
          <Queues queues={overview.queues} />
          <Certificates certificates={overview.certificates} />
        </>
      )}
    </main>
  );
}

function Flows({ overview: { flows } }: { overview: Overview }) {
  return (
    <table className="figures">
      <caption>Flux</caption>
      <thead>
        <tr>
          <th scope="col">Flux</th>
          <th scope="col">Par heure</th>
          <th scope="col">Acceptés</th>
          <th scope="col">Remis</th>
          <th scope="col">Manqués</th>
          <th scope="col">À trancher</th>
          <th scope="col">En retard</th>
          <th scope="col">Morts</th>
        </tr>
      </thead>
      <tbody>
        {flows.map(({ flow, title, perHour, accepted, delivered, failed, held, overdue, dead }) => (
          <tr key={flow}>
            <th scope="row">
              {title}
              <span className="quiet code"> {flow}</span>
            </th>
            <td>
              <Bars
                values={perHour}
                label={`${accepted} messages, ${Math.max(0, ...perHour)} au plus en une heure`}
              />
            </td>
            <td>{accepted}</td>
            <td>{delivered}</td>
            <td className={failed > 0 ? 'late' : ''}>{failed}</td>
            <td>{held}</td>
            <td className={overdue > 0 ? 'late' : ''}>{counted(overdue)}</td>
            <td className={dead > 0 ? 'late' : ''}>{counted(dead)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The broker counts so far, and no further. */
const MOST_COUNTED = 500;

function counted(figure: number): string {
  return figure < MOST_COUNTED ? String(figure) : `${MOST_COUNTED} ou plus`;
}

function Queues({ queues }: { queues: Overview['queues'] }) {
  if (queues.length === 0) return <p>Aucune remise n’attend.</p>;
  return (
    <table className="figures">
      <caption>Ce qui attend, par destinataire</caption>
      <thead>
        <tr>
          <th scope="col">Destinataire</th>
          <th scope="col">Remises</th>
          <th scope="col">La plus ancienne</th>
        </tr>
      </thead>
      <tbody>
        {queues.map(({ recipient, waiting, oldestSeconds }) => (
          <tr key={recipient}>
            <th scope="row">{recipient}</th>
            <td>{waiting}</td>
            <td>{age(oldestSeconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Certificates({ certificates }: { certificates: Overview['certificates'] }) {
  if (certificates.length === 0) return <p>Aucun certificat n’expire dans les soixante jours.</p>;
  return (
    <table className="figures">
      <caption>Ce qui expire dans les soixante jours</caption>
      <thead>
        <tr>
          <th scope="col">De qui</th>
          <th scope="col">Usage</th>
          <th scope="col">Fin</th>
          <th scope="col">Jours</th>
        </tr>
      </thead>
      <tbody>
        {certificates.map(({ owner, use, until, days }) => (
          <tr key={`${owner} ${use}`}>
            <th scope="row">{owner}</th>
            <td>{use}</td>
            <td>{dayOf(until)}</td>
            <td className={days <= 7 ? 'late' : ''}>{days}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
