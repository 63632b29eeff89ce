import { Link } from 'wouter';
import { useCall } from '../../api/use-call.ts';
import { Notice } from '../../ui/notice.tsx';
import { type Agreement, KINDS, WAYS } from '../../words/partners.ts';
import { Keys } from './keys.tsx';
import { Ways } from './ways.tsx';

/** One agreement: who it is, what goes to it and comes from it, by which ways and keys, until when. No secret, no one's health. */
export function PartnerPage({ id }: { id: string }) {
  const { value: agreement, problem } = useCall<Agreement>(
    `/v1/operations/partners/${encodeURIComponent(id)}`,
  );
  return (
    <main id="contenu" className="wide">
      <p>
        <Link href="/exploitation/partenaires">← Partenaires</Link>
      </p>
      <h1>{agreement?.name ?? 'Un partenaire'}</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {agreement !== undefined && (
        <>
          <Identity agreement={agreement} />
          <Flows title="Ce qu’il envoie" flows={agreement.sends} none="Il n’envoie rien." />
          <Flows title="Ce qu’il reçoit" flows={agreement.receives} none="Il ne reçoit rien." />
          <Keys agreement={agreement} />
          <Ways agreement={agreement} />
        </>
      )}
    </main>
  );
}

function Identity({ agreement }: { agreement: Agreement }) {
  const { client, connects, host, id, kind, limits, siret, staffIssuer, transport } = agreement;
  return (
    <dl>
      <dt>Identifiant</dt>
      <dd className="code">{id}</dd>
      <dt>Nature</dt>
      <dd>{KINDS[kind]}</dd>
      {siret !== undefined && (
        <>
          <dt>SIRET</dt>
          <dd>{siret}</dd>
        </>
      )}
      <dt>Son logiciel</dt>
      <dd>{connects ? 'peut se connecter' : 'ne se connecte pas : aucun certificat à son nom'}</dd>
      {client !== undefined && (
        <>
          <dt>Certificat</dt>
          <dd className="code">{client.subject}</dd>
          <dt>Délivré par</dt>
          <dd className="code">{client.issuer}</dd>
        </>
      )}
      <dt>Reçoit par</dt>
      <dd>
        {WAYS[transport]}
        {host !== undefined && <span className="code"> {host}</span>}
      </dd>
      {staffIssuer !== undefined && (
        <>
          <dt>Connexion de son personnel</dt>
          <dd>
            <span className="code">{staffIssuer.issuer}</span>, niveau {staffIssuer.acr}
            {staffIssuer.oneTimeCode && ', code à usage unique'}
            {staffIssuer.approved !== undefined && `, homologation ${staffIssuer.approved}`}
          </dd>
        </>
      )}
      <dt>Limites</dt>
      <dd>{limitsOf(limits)}</dd>
    </dl>
  );
}

function limitsOf({ megabytesAtOnce, rate, requestsAtOnce }: Agreement['limits']): string {
  const said = [
    rate === undefined ? [] : [`${rate} messages par minute`],
    requestsAtOnce === undefined ? [] : [`${requestsAtOnce} requêtes à la fois`],
    megabytesAtOnce === undefined ? [] : [`${megabytesAtOnce} Mo à la fois`],
  ].flat();
  return said.length === 0 ? 'celles de tous' : said.join(', ');
}

function Flows({ title, flows, none }: { title: string; flows: Agreement['sends']; none: string }) {
  return (
    <>
      <h2>{title}</h2>
      {flows.length === 0 && <p>{none}</p>}
      <ul>
        {flows.map(({ flow, title: name, objects }) => (
          <li key={flow}>
            <Link href={`/exploitation/contrats/${flow}`}>{name}</Link>
            <span className="quiet"> · {objects.join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
