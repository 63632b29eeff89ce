import { Link } from 'wouter';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { DELIVERY_STATES } from '../words/deliveries.ts';

type Story = Api['SupervisedMessage'];

/** One message's story: each step as the journal has it, never its content. */
export function MessagePage({ id }: { id: string }) {
  const { value: story, problem } = useCall<Story>(`/v1/operations/messages/${encodeURIComponent(id)}`);
  return (
    <main id="contenu" className="wide">
      <p>
        <Link href="/exploitation/remises">← Remises</Link>
      </p>
      <h1>Un message</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {story !== undefined && <Told story={story} />}
    </main>
  );
}

function Told({
  story: { id, flow, sender, recipients, status, reason, receivedAt, deliveries, steps },
}: {
  story: Story;
}) {
  return (
    <>
      <dl>
        <dt>Identifiant</dt>
        <dd className="code">{id}</dd>
        <dt>Flux</dt>
        <dd>{flow}</dd>
        <dt>De, à</dt>
        <dd>
          {sender} → {recipients.join(', ')}
        </dd>
        <dt>Reçu le</dt>
        <dd>{momentOf(receivedAt)}</dd>
        <dt>État</dt>
        <dd>
          {status}
          {reason !== undefined && ` (${reason})`}
        </dd>
      </dl>
      <table>
        <caption>Remises</caption>
        <thead>
          <tr>
            <th scope="col">Destinataire</th>
            <th scope="col">Canal</th>
            <th scope="col">État</th>
            <th scope="col">Essais</th>
            <th scope="col">Dernière erreur</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ id: delivery, recipient, transport, state, attempts, lastError }) => (
            <tr key={delivery}>
              <th scope="row">{recipient}</th>
              <td>{transport}</td>
              <td>{DELIVERY_STATES[state]}</td>
              <td>{attempts}</td>
              <td>{lastError ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption>Étapes inscrites au journal</caption>
        <thead>
          <tr>
            <th scope="col">Quand</th>
            <th scope="col">Quoi</th>
            <th scope="col">Par qui</th>
            <th scope="col">Détails</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ id: step, at, kind, actor, details }) => (
            <tr key={step}>
              <th scope="row">{momentOf(at)}</th>
              <td className="code">{kind}</td>
              <td className="code">{actor}</td>
              <td className="code details">{wordsOf(details)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function wordsOf(details: unknown): string {
  return Object.entries((details ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
