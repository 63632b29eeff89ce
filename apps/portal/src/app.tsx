import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { session as atBroker, call, problemOf } from './api/http.ts';
import { areasOf } from './areas.tsx';
import { Arrived, usePlace } from './navigation.tsx';
import { ChooseServicePage } from './session/choose-service-page.tsx';
import { type Me, ROLE_WORDS, type Session, SessionContext } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { useIdle } from './session/use-idle.ts';
import { Notice } from './ui/notice.tsx';
import { PageBoundary } from './ui/page-boundary.tsx';

type Known = { kind: 'asking' } | { kind: 'nobody'; why?: 'locked' | 'ended' } | { kind: 'me'; me: Me };

export function App() {
  const [known, setKnown] = useState<Known>({ kind: 'asking' });
  const [trouble, setTrouble] = useState<string>();

  const refresh = useCallback(() => {
    call<Me>('/auth/me')
      .then((me) => setKnown({ kind: 'me', me }))
      .catch((error: unknown) => {
        const problem = problemOf(error);
        setKnown({ kind: 'nobody' });
        if (problem.status !== 401) setTrouble(problem.words);
      });
  }, []);
  useEffect(refresh, [refresh]);

  useEffect(() => {
    const ended = () =>
      setKnown((before) => (before.kind === 'me' ? { kind: 'nobody', why: 'ended' } : before));
    atBroker.addEventListener('ended', ended);
    return () => atBroker.removeEventListener('ended', ended);
  }, []);

  const lock = useCallback(() => {
    // the session ends at the broker too: whoever finds the screen finds nothing behind it
    void fetch('/auth/logout', { method: 'POST', redirect: 'manual' }).catch(() => undefined);
    setKnown({ kind: 'nobody', why: 'locked' });
  }, []);
  useIdle(known.kind === 'me', lock);

  if (known.kind === 'asking') return <Waiting />;
  if (known.kind === 'nobody')
    return (
      <>
        {trouble !== undefined && <Notice tone="problem">{trouble}</Notice>}
        <SignInPage {...(known.why === undefined ? {} : { why: known.why })} />
      </>
    );
  const session: Session = { me: known.me, refresh, signOut };
  return (
    <SessionContext value={session}>
      <Header session={session} />
      {known.me.role === undefined ? <ChooseServicePage /> : <Pages me={known.me} />}
    </SessionContext>
  );
}

/** A form, because the broker may send the browser on to the issuer's own page. */
function signOut(everywhere: boolean): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = everywhere ? '/auth/logout?provider=true' : '/auth/logout';
  document.body.append(form);
  form.submit();
}

function Header({ session: { me, signOut: leave } }: { session: Session }) {
  const here = usePlace(me.role);
  return (
    <header className="top">
      <a className="skip" href="#contenu">
        Aller au contenu
      </a>
      <p className="brand">
        <Link href="/">Relais</Link>
      </p>
      <nav aria-label="Principale">
        {areasOf(me.role)
          .flatMap(({ places }) => places)
          .map(({ href, says }) => (
            <Link key={href} href={href} {...(href === here?.href ? { 'aria-current': 'page' } : {})}>
              {says}
            </Link>
          ))}
      </nav>
      <div className="who">
        <p>
          {me.name}
          {me.role !== undefined && <span className="quiet"> · {ROLE_WORDS[me.role]}</span>}
        </p>
        <Button className="quiet-button" onPress={() => leave(false)}>
          Quitter Relais
        </Button>
        <Button className="quiet-button" onPress={() => leave(true)}>
          Tout fermer
        </Button>
      </div>
    </header>
  );
}

function Pages({ me: { role } }: { me: Me }) {
  const areas = areasOf(role);
  const home = areas[0]?.places[0];
  const [address] = useLocation();
  const here = usePlace(role);
  const left = useRef<string>(undefined);
  return (
    <PageBoundary key={address}>
      <Suspense fallback={<Waiting />}>
        <Arrived address={address} left={left} says={here?.says} />
        <Switch>
          {home !== undefined && (
            <Route path="/">
              <Redirect to={home.href} replace />
            </Route>
          )}
          {areas.flatMap(({ pages }) => pages)}
          <Route>
            <main id="contenu">
              <h1>Page introuvable</h1>
              <p>
                <Link href="/">Revenir à l’accueil</Link>
              </p>
            </main>
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}

function Waiting() {
  return <p className="waiting">Un instant…</p>;
}
