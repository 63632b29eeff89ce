import { Link } from 'wouter';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { Notice } from '../ui/notice.tsx';

/** The contracts in force. */
export function ContractsPage() {
  const { value: flows, problem } = useCall<readonly Api['FlowCard'][]>('/v1/flows');
  return (
    <main id="contenu" className="wide">
      <h1>Contrats en vigueur</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {flows !== undefined && (
        <table>
          <caption>Flux</caption>
          <thead>
            <tr>
              <th scope="col">Flux</th>
              <th scope="col">Version</th>
              <th scope="col">Objets</th>
              <th scope="col">Empreinte</th>
            </tr>
          </thead>
          <tbody>
            {flows.map(({ flow, title, version, objects, hash }) => (
              <tr key={flow}>
                <th scope="row">
                  <Link href={`/exploitation/contrats/${flow}`}>{title}</Link>
                </th>
                <td>{version}</td>
                <td>{objects.map((object) => object.title).join(', ')}</td>
                <td className="code">{hash.slice(0, 12)}…</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}
