import { useEffect, useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { Notice } from '../ui/notice.tsx';
import { STATUS_WORDS } from '../words/identity.ts';
import { isWhole, traitsOf, type Worker } from './worker.ts';

type Verdict = Pick<Api['insi.result.v1'], 'status' | 'outcome' | 'reasons'>;
type Said = { kind: 'asking' } | { kind: 'verdict'; verdict: Verdict } | { kind: 'problem'; words: string };

/** typing goes on */
const PAUSE_MS = 600;

/** What the national teleservice says of who is written above, asked again when that changes. */
export function IdentityCheck({ worker, evidence }: { worker: Worker; evidence: string }) {
  const [said, setSaid] = useState<Said>();
  const question = isWhole(worker)
    ? JSON.stringify({ traits: traitsOf(worker), ...(evidence === '' ? {} : { evidenceSeen: evidence }) })
    : undefined;
  useEffect(() => {
    setSaid(undefined);
    if (question === undefined) return;
    let gone = false;
    const timer = setTimeout(() => {
      setSaid({ kind: 'asking' });
      call<Verdict>('/v1/identity/search', JSON.parse(question) as object)
        .then((verdict) => gone || setSaid({ kind: 'verdict', verdict }))
        .catch((error: unknown) => gone || setSaid({ kind: 'problem', words: problemOf(error).words }));
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [question]);
  if (said === undefined) return null;
  if (said.kind === 'asking') return <Notice tone="info">INSi vérifie l’identité…</Notice>;
  if (said.kind === 'problem')
    return (
      <Notice tone="problem">
        {said.words} La demande peut partir : le service source confirmera l’identité.
      </Notice>
    );
  const { status = 'PROV', reasons = [] } = said.verdict;
  const { tone, says } = STATUS_WORDS[status];
  return (
    <Notice tone={tone}>
      <p>{says}</p>
      {reasons.length > 0 && (
        <ul>
          {reasons.map(({ code, detail }) => (
            <li key={code}>{detail}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
