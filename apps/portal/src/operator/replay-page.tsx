import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { call, problemOf } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { momentOf } from '../ui/dates.ts';
import { TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';

type Report = Api['ReplayReport'];

const HOW = {
  'as-sealed': 'telle que scellée',
  're-sealed': 'scellée de nouveau, pour la clé d’aujourd’hui',
  no: 'non',
} as const;

/** Dead deliveries are replayed in two presses: first what would happen, then the very same for good. */
export function ReplayPage() {
  const [partner, setPartner] = useState('');
  const [flow, setFlow] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState<Report>();
  const [done, setDone] = useState<Report>();
  const [problem, setProblem] = useState<string>();
  const filter = {
    ...(partner.trim() === '' ? {} : { partner: partner.trim() }),
    ...(flow.trim() === '' ? {} : { flow: flow.trim() }),
    state: 'dead' as const,
  };
  const ask = (dryRun: boolean) =>
    call<Report>('/v1/operations/replays', { filter, dryRun, ...(dryRun ? {} : { reason: reason.trim() }) })
      .then((report) => {
        setProblem(undefined);
        setTried(dryRun ? report : undefined);
        setDone(dryRun ? undefined : report);
      })
      .catch((error: unknown) => setProblem(problemOf(error).words));
  // another filter would replay something else than what was looked at
  const change = (set: (value: string) => void) => (value: string) => {
    setTried(undefined);
    setDone(undefined);
    set(value);
  };
  return (
    <main id="contenu" className="wide">
      <h1>Rejouer les remises mortes</h1>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void ask(true);
        }}
      >
        <div className="columns">
          <TextField
            label="Partenaire"
            help="Expéditeur ou destinataire ; vide : tous."
            value={partner}
            onChange={change(setPartner)}
          />
          <TextField label="Flux" help="Vide : tous." value={flow} onChange={change(setFlow)} />
        </div>
        <Button type="submit" className="button">
          Voir ce qui serait rejoué
        </Button>
      </form>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {done !== undefined && (
        <Notice tone="good">
          {done.matched - done.refused} remises repartent. {done.refused} ne le peuvent pas.
        </Notice>
      )}
      {tried !== undefined && <Tried report={tried} />}
      {tried !== undefined && tried.matched > tried.refused && (
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void ask(false);
          }}
        >
          <TextField
            label="Motif"
            help="Inscrit au journal."
            value={reason}
            onChange={setReason}
            isRequired
          />
          <Button type="submit" className="button danger" isDisabled={reason.trim() === ''}>
            Rejouer
          </Button>
        </form>
      )}
    </main>
  );
}

function Tried({ report: { matched, deliveries, more } }: { report: Report }) {
  if (matched === 0) return <p>Aucune remise morte ne correspond.</p>;
  return (
    <table>
      <caption>
        {matched} {matched > 1 ? 'remises mortes' : 'remise morte'}
        {more ? ', les premières seulement' : ''} : rien n’est encore parti
      </caption>
      <thead>
        <tr>
          <th scope="col">Créée le</th>
          <th scope="col">Flux</th>
          <th scope="col">Destinataire</th>
          <th scope="col">Dernière erreur</th>
          <th scope="col">Rejouable</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map(({ id, createdAt, flow, recipient, lastError, replay, code }) => (
          <tr key={id}>
            <th scope="row">{momentOf(createdAt)}</th>
            <td>{flow}</td>
            <td>{recipient}</td>
            <td>{lastError ?? '–'}</td>
            <td>
              {HOW[replay]}
              {code !== undefined && ` (${code})`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
