import { useState } from 'react';
import { Button } from 'react-aria-components';
import { call, problemOf } from '../api/http.ts';
import { Notice } from '../ui/notice.tsx';
import { ROLE_WORDS, useSession } from './session.ts';

/** For who exercises in several services. */
export function ChooseServicePage() {
  const { me, refresh } = useSession();
  const [problem, setProblem] = useState<string>();
  const choose = (partner: string) =>
    call('/auth/partner', { partner })
      .then(refresh)
      .catch((error: unknown) => setProblem(problemOf(error).words));
  return (
    <main id="contenu">
      <h1>Pour quel service agissez-vous ?</h1>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <ul className="plain">
        {me.choices.map(({ partner, role }) => (
          <li key={`${partner} ${role}`}>
            <Button className="quiet-button" onPress={() => partner !== undefined && void choose(partner)}>
              {partner} ({ROLE_WORDS[role]})
            </Button>
          </li>
        ))}
      </ul>
    </main>
  );
}
