import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { call, problemOf, remove } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { useSession } from '../session/session.ts';
import { dateOf, dayOf, isDay } from '../ui/dates.ts';
import { TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { short } from '../words/accesses.ts';

type Delegation = Api['Delegation'];

/** Who acts for whom, and until when: a colleague who replaces me sees my requests from one press on. */
export function DelegationsPage() {
  const { me } = useSession();
  const { value: delegations, problem, again } = useCall<readonly Delegation[]>('/v1/delegations');
  return (
    <main id="contenu">
      <h1>Délégations</h1>
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {me.role === 'physician' ? <Delegate onDone={again} /> : null}
      <MyReference reference={me.pseudonym ?? ''} />
      {delegations !== undefined && (
        <Register
          delegations={delegations}
          mayEnd={me.role === 'physician'}
          mine={me.pseudonym ?? ''}
          onEnded={again}
        />
      )}
    </main>
  );
}

function MyReference({ reference }: { reference: string }) {
  return (
    <p>
      Ma référence, à donner à qui veut me déléguer : <span className="code reference">{reference}</span>
    </p>
  );
}

const REFERENCE = /^[0-9a-f]{64}$/;

function Delegate({ onDone }: { onDone(): void }) {
  const [who, setWho] = useState('');
  const [until, setUntil] = useState('');
  const [problem, setProblem] = useState<string>();
  const [done, setDone] = useState(false);
  const record = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    const day = dateOf(until);
    if (who.trim() === '' || !isDay(day)) {
      setProblem('Écrivez la référence ou le compte de la personne, et le dernier jour (JJ/MM/AAAA).');
      return;
    }
    const last = new Date(`${day}T23:59:59`);
    const named = REFERENCE.test(who.trim()) ? { delegate: who.trim() } : { account: who.trim() };
    call('/v1/delegations', { ...named, to: last.toISOString() })
      .then(() => {
        setProblem(undefined);
        setDone(true);
        setWho('');
        onDone();
      })
      .catch((error: unknown) => setProblem(problemOf(error).words));
  };
  return (
    <form onSubmit={record} noValidate aria-label="Déléguer">
      <fieldset>
        <legend>Déléguer, ou me faire remplacer</legend>
        <div className="columns">
          <TextField
            label="Personne"
            help="La référence d’un confrère, ou le compte d’un membre de l’équipe."
            value={who}
            onChange={setWho}
            isRequired
          />
          <TextField
            label="Jusqu’au"
            help="JJ/MM/AAAA, inclus, un an au plus."
            value={until}
            onChange={setUntil}
            isRequired
          />
        </div>
        {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
        {done && <Notice tone="good">Enregistré, et inscrit au journal.</Notice>}
        <Button type="submit" className="button">
          Déléguer
        </Button>
      </fieldset>
    </form>
  );
}

function Register({
  delegations,
  mayEnd,
  mine,
  onEnded,
}: {
  delegations: readonly Delegation[];
  mayEnd: boolean;
  mine: string;
  onEnded(): void;
}) {
  const [problem, setProblem] = useState<string>();
  if (delegations.length === 0) return <p>Aucune délégation.</p>;
  const now = new Date().toISOString();
  return (
    <>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <table>
        <caption>Registre</caption>
        <thead>
          <tr>
            <th scope="col">De</th>
            <th scope="col">À</th>
            <th scope="col">Du</th>
            <th scope="col">Au</th>
            <th scope="col">État</th>
          </tr>
        </thead>
        <tbody>
          {delegations.map(({ id, physicianRpps, delegate, from, to }) => (
            <tr key={id}>
              <th scope="row">RPPS {physicianRpps}</th>
              <td>{delegate === mine ? 'moi' : <span className="code">{short(delegate)}</span>}</td>
              <td>{dayOf(from)}</td>
              <td>{dayOf(to)}</td>
              <td>
                {to <= now ? (
                  'finie'
                ) : (
                  <>
                    en cours{' '}
                    {mayEnd && (
                      <Button
                        className="quiet-button"
                        onPress={() =>
                          void remove(`/v1/delegations/${id}`)
                            .then(onEnded)
                            .catch((error: unknown) => setProblem(problemOf(error).words))
                        }
                      >
                        Terminer
                      </Button>
                    )}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
