import { useCall } from '../api/use-call.ts';
import { Notice } from '../ui/notice.tsx';

interface Issuer {
  id: string;
  kind: 'psc' | 'staff' | 'operator' | 'worker' | 'employer';
  label: string;
}

/** The doors beside that of professionals, by who comes through them. */
const OTHERS: readonly { says: string; kinds: readonly Issuer['kind'][] }[] = [
  { says: 'Sans carte professionnelle', kinds: ['staff', 'operator'] },
  { says: 'Vous êtes suivi par un service', kinds: ['worker'] },
  { says: 'Vous êtes employeur', kinds: ['employer'] },
];

/** Why nobody is signed in any more. */
const WHY = {
  locked: 'Session fermée après dix minutes sans activité.',
  ended: 'Votre session est terminée. Reconnectez-vous pour continuer.',
} as const;

/** The ways in. Links, not buttons: each leads to another site. */
export function SignInPage({ why }: { why?: keyof typeof WHY }) {
  const { value: issuers = [], problem } = useCall<readonly Issuer[]>('/auth/issuers');
  const psc = issuers.find(({ kind }) => kind === 'psc');
  const doors = OTHERS.map(({ says, kinds }) => ({
    says,
    ways: issuers.filter(({ kind }) => kinds.includes(kind)),
  })).filter(({ ways }) => ways.length > 0);
  const hrefOf = (id: string) => `/auth/login?with=${id}&returnTo=${encodeURIComponent(location.pathname)}`;
  return (
    <main className="sign-in">
      <h1>Relais</h1>
      <p>Retrouver le dossier de santé au travail qu’un autre service détient.</p>
      {why !== undefined && <Notice tone="info">{WHY[why]}</Notice>}
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {psc !== undefined && (
        <p>
          <a className="button" href={hrefOf(psc.id)}>
            Se connecter avec {psc.label}
          </a>
        </p>
      )}
      {doors.map(({ says, ways }) => (
        <section key={says} aria-label={says}>
          <h2>{says}</h2>
          <ul className="plain">
            {ways.map(({ id, label }) => (
              <li key={id}>
                <a href={hrefOf(id)}>{label}</a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}
