import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { call, problemOf } from '../api/http.ts';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { EVIDENCE } from '../words/evidence.ts';

const VERDICTS = [
  { value: 'release', says: 'C’est la même personne : laisser partir' },
  { value: 'refuse', says: 'Refuser' },
];
const RISKS = [
  { value: 'release', says: 'Laisser partir en connaissance du risque' },
  { value: 'refuse', says: 'Refuser' },
];

/** Nothing is chosen beforehand: verdict, evidence and reason are the person's own. */
export function Decision({
  id,
  aboutIdentity,
  onDecided,
}: {
  id: string;
  aboutIdentity: boolean;
  onDecided(): void;
}) {
  const [verdict, setVerdict] = useState('');
  const [evidence, setEvidence] = useState('');
  const [reason, setReason] = useState('');
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const decide = (event: FormEvent) => {
    event.preventDefault();
    if (verdict === '' || (aboutIdentity && evidence === '') || reason.trim().length < 3) {
      setProblem('Choisissez une décision et la pièce vue, et écrivez le motif.');
      return;
    }
    setSending(true);
    call(`/v1/operations/held/${id}/decision`, { verdict, evidence, reason: reason.trim() })
      .then(onDecided)
      .catch((error: unknown) => setProblem(problemOf(error).words))
      .finally(() => setSending(false));
  };
  return (
    <form onSubmit={decide} noValidate aria-label="Décision">
      <Choices
        label="Décision"
        choices={aboutIdentity ? VERDICTS : RISKS}
        value={verdict}
        onChange={setVerdict}
        isRequired
      />
      {aboutIdentity && (
        <Choices
          label="Pièce d’identité vue"
          choices={EVIDENCE.map(({ code, says }) => ({ value: code, says }))}
          value={evidence}
          onChange={setEvidence}
          isRequired
        />
      )}
      <TextField
        label="Motif"
        help="Gardé avec la décision. Ni matricule, ni autre trait."
        value={reason}
        onChange={setReason}
        maxLength={500}
        isRequired
      />
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <Button type="submit" className="button" isDisabled={sending}>
        Décider
      </Button>
    </form>
  );
}
