import { Link } from 'wouter';
import type { DmstRequest } from '../api/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { momentOf } from '../ui/dates.ts';
import { NextPage } from '../ui/next-page.tsx';
import { Notice } from '../ui/notice.tsx';
import { STATES } from '../words/states.ts';

/** The requests that this person may see: its own, and those of whoever delegated. Nobody is named in the list. */
export function RequestsPage() {
  const pages = usePages<DmstRequest>('/v1/dmst-requests', '');
  const { rows, isRead, problem } = pages;
  return (
    <main id="contenu">
      <h1>Demandes de dossier</h1>
      <p>
        <Link className="button" href="/demandes/nouvelle">
          Nouvelle demande
        </Link>
      </p>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {isRead && rows.length === 0 && <p>Aucune demande pour le moment.</p>}
      {rows.length > 0 && (
        <table>
          <caption>Les vôtres, et celles des médecins qui vous ont délégué, la plus récente d’abord</caption>
          <thead>
            <tr>
              <th scope="col">Envoyée le</th>
              <th scope="col">Services</th>
              <th scope="col">État</th>
              <th scope="col">Réponses</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, createdAt, sources, state, answered }) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={`/demandes/${id}`}>{momentOf(createdAt)}</Link>
                </th>
                <td>{sources.map(({ name }) => name).join(', ')}</td>
                <td>
                  <span className={STATES[state].tone}>{STATES[state].says}</span>
                </td>
                <td>{answered}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <NextPage {...pages} />
    </main>
  );
}
