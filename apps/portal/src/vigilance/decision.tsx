import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { call, problemOf } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { EVIDENCE, evidenceWords } from '../words/evidence.ts';
import { helpAt, type Turn, verdictsAt } from './turn.ts';

export type Decided = Api['HeldDecision'];

const EVIDENCES = EVIDENCE.map(({ code, says }) => ({ value: code, says }));

/** Nothing is chosen beforehand: verdict, evidence and reason are the person's own, the second one's too. */
export function Decision({
  id,
  turn,
  aboutIdentity,
  proposed,
  onDecided,
  onStale,
}: {
  id: string;
  turn: Turn;
  aboutIdentity: boolean;
  /** code of the evidence that a colleague's proposal rests on */
  proposed?: string;
  onDecided(decided: Decided): void;
  /** what is on the page is no longer so */
  onStale(): void;
}) {
  const [verdict, setVerdict] = useState('');
  const [evidence, setEvidence] = useState('');
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<{ words: string; stale: boolean }>();
  const decide = (event: FormEvent) => {
    event.preventDefault();
    if (sending) return;
    if (verdict === '' || (aboutIdentity && evidence === '') || reason.trim().length < 3) {
      const needs = aboutIdentity ? 'une décision et la pièce vue' : 'une décision';
      setProblem({ words: `Choisissez ${needs}, et écrivez le motif.`, stale: false });
      return;
    }
    setSending(true);
    call<Decided>(`/v1/operations/held/${id}/decision`, { verdict, evidence, reason: reason.trim() })
      .then(onDecided)
      .catch((error: unknown) => {
        const { words, status } = problemOf(error);
        setProblem({ words, stale: status === 404 || status === 409 });
      })
      .finally(() => setSending(false));
  };
  const other = turn === 'second' && verdict === 'release' && evidence !== '' && evidence !== proposed;
  const help = helpAt(turn, aboutIdentity);
  return (
    <form onSubmit={decide} noValidate aria-label="Décision">
      <Choices
        label="Décision"
        {...(help === undefined ? {} : { help })}
        choices={verdictsAt(turn, aboutIdentity)}
        value={verdict}
        onChange={setVerdict}
        isRequired
      />
      {aboutIdentity && (
        <Choices
          label="Pièce d’identité vue"
          choices={EVIDENCES}
          value={evidence}
          onChange={setEvidence}
          isRequired
        />
      )}
      {other && proposed !== undefined && (
        <Notice tone="info">
          Votre collègue dit avoir vu une autre pièce ({evidenceWords(proposed)}) : la vôtre sera une nouvelle
          proposition, à la place de la sienne, et rien ne part avant qu’un collègue la confirme.
        </Notice>
      )}
      <TextField
        label="Motif"
        help="Gardé avec la décision. Ni matricule, ni autre trait."
        value={reason}
        onChange={setReason}
        maxLength={500}
        isRequired
      />
      {problem !== undefined && (
        <Notice tone="problem">
          {problem.words}{' '}
          {problem.stale && (
            <Button className="quiet-button" onPress={onStale}>
              Relire la liste
            </Button>
          )}
        </Notice>
      )}
      <ActButton type="submit" className="button" isBusy={sending}>
        Décider
      </ActButton>
    </form>
  );
}
