import { useCall } from '../api/use-call.ts';
import { Notice } from '../ui/notice.tsx';

interface Issuer {
  id: string;
  label: string;
}

/** The ways in. Links, not buttons: each leads to another site. */
export function SignInPage({ locked }: { locked: boolean }) {
  const { value: issuers, problem } = useCall<readonly Issuer[]>('/auth/issuers');
  const [psc, ...others] = [...(issuers ?? [])].sort(
    (a, b) => Number(b.id === 'psc') - Number(a.id === 'psc'),
  );
  const here = encodeURIComponent(location.pathname);
  return (
    <main className="sign-in">
      <h1>Relais</h1>
      <p>Retrouver le dossier de santé au travail qu’un autre service détient.</p>
      {locked && <Notice tone="info">Session fermée après dix minutes sans activité.</Notice>}
      {problem !== undefined && <Notice tone="problem">{problem.words}</Notice>}
      {psc !== undefined && (
        <p>
          <a className="button" href={`/auth/login?with=${psc.id}&returnTo=${here}`}>
            Se connecter avec {psc.label}
          </a>
        </p>
      )}
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Sans carte professionnelle</h2>
          <ul className="plain">
            {others.map(({ id, label }) => (
              <li key={id}>
                <a href={`/auth/login?with=${id}&returnTo=${here}`}>{label}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}
