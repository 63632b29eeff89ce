import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type Problem, problemOf } from '../api/http.ts';
import { useCall } from '../api/use-call.ts';
import { momentOf } from '../ui/dates.ts';
import { Notice } from '../ui/notice.tsx';
import { stateOf } from '../words/incoming.ts';
import { Asked } from './asked.tsx';
import { Candidates } from './candidates.tsx';
import { Clock } from './clock.tsx';
import { GiveFile } from './give-file.tsx';
import type { Acting, Incoming } from './incoming.ts';
import { Outcome } from './outcome.tsx';
import { Refuse } from './refuse.tsx';
import { Release } from './release.tsx';

/** One request: who asks, for whom, what was found, and what leaves. */
export function IncomingPage({ id }: { id: string }) {
  const {
    value: incoming,
    problem,
    again,
  } = useCall<Incoming>(`/v1/incoming-requests/${encodeURIComponent(id)}`);
  const [told, setTold] = useState<{ tone: 'good' | 'problem'; says: string }>();
  const [isActing, setActing] = useState(false);
  const act = (doing: () => Promise<unknown>, done: string) => {
    setActing(true);
    setTold(undefined);
    doing()
      .then(() => setTold({ tone: 'good', says: done }))
      .catch((error: unknown) => setTold({ tone: 'problem', says: problemOf(error).words }))
      // whatever came of it, somebody else may have been there first
      .finally(() => {
        setActing(false);
        again();
      });
  };
  return (
    <main id="contenu" className="wide">
      <p>
        <Link href="/recues">← Demandes reçues</Link>
      </p>
      <h1>Demande reçue</h1>
      {told !== undefined && <Told tone={told.tone}>{told.says}</Told>}
      {problem !== undefined && <Trouble problem={problem} />}
      {incoming === undefined && problem === undefined && <p>Un instant…</p>}
      {incoming !== undefined && <Life incoming={incoming} acting={{ id, act, isActing }} />}
    </main>
  );
}

/** What came of an act. Its form is gone, or is to be read again from above: whoever acted goes on from here. */
function Told({ tone, children }: { tone: 'good' | 'problem'; children: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1}>
      <Notice tone={tone}>{children}</Notice>
    </div>
  );
}

function Trouble({ problem: { status, details, words } }: { problem: Problem }) {
  if (status === 404)
    return (
      <Notice tone="problem">Cette demande n’existe pas, ou elle n’est pas adressée à votre service.</Notice>
    );
  return <Notice tone={details.code === 'pages.not-open' ? 'info' : 'problem'}>{words}</Notice>;
}

function Life({ incoming, acting }: { incoming: Incoming; acting: Acting }) {
  const { openedAt, deadline, overdue, isOpen, request, proposed } = incoming;
  const { says, tone } = stateOf(incoming);
  return (
    <>
      <p className="state" aria-live="polite">
        <strong className={tone}>{says}</strong>
        {isOpen && (
          <>
            , réponse attendue le <Clock deadline={deadline} overdue={overdue} />
          </>
        )}
        <span className="quiet"> · reçue le {momentOf(openedAt)}</span>
      </p>
      <Outcome incoming={incoming} />
      {request !== undefined && (
        <>
          <Asked requesterName={incoming.requesterName} request={request} />
          <Candidates request={request} proposed={proposed} />
          {incoming.mayRelease && <Release incoming={incoming} acting={acting} />}
          {isForOthers(incoming) && (
            <p>Seul un professionnel de santé de votre service peut transmettre un dossier proposé.</p>
          )}
          {incoming.mayPropose && <GiveFile acting={acting} />}
          {incoming.mayRefuse && <Refuse acting={acting} />}
        </>
      )}
    </>
  );
}

/** Files are there, nothing stops them, and this person may not send one. */
function isForOthers({ mayRelease, proposed }: Incoming): boolean {
  return !mayRelease && proposed.length > 0 && !proposed.some(({ opposition }) => opposition === true);
}
