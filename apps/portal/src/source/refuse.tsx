import { type FormEvent, useState } from 'react';
import { call } from '../api/http.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { REASONS } from '../words/incoming.ts';
import type { Acting } from './incoming.ts';

/** Nothing leaves, for a reason of the closed list; an opposition is the first of them. */
export function Refuse({ acting: { id, act, isActing } }: { acting: Acting }) {
  const [code, setCode] = useState('');
  const [detail, setDetail] = useState('');
  const [asked, setAsked] = useState(false);
  const [missing, setMissing] = useState(false);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setMissing(code === '');
    setAsked(code !== '');
  };
  const words = detail.trim();
  return (
    <form onSubmit={ask} noValidate aria-label="Refuser">
      <fieldset>
        <legend>Ne rien transmettre</legend>
        <Choices
          label="Motif"
          help="L’autre service lit « aucun dossier transmissible » pour une opposition comme pour l’absence de dossier ; seuls les professionnels de santé de l’autre service connaissent le motif."
          choices={REASONS.map(({ code: value, says }) => ({ value, says }))}
          value={code}
          onChange={(value) => {
            setCode(value);
            setAsked(false);
            setMissing(false);
          }}
          isRequired
          isStacked
        />
        <TextField
          label="Précision"
          help="Facultative, lue par les seuls professionnels de santé de l’autre service. Pas de nom."
          value={detail}
          onChange={setDetail}
          maxLength={500}
        />
        {missing && <Notice tone="problem">Choisissez un motif.</Notice>}
        {!asked && (
          <ActButton type="submit" className="quiet-button" isBusy={isActing}>
            Refuser…
          </ActButton>
        )}
      </fieldset>
      {asked && (
        <Confirm
          title="Refuser cette demande ?"
          yes={isActing ? 'Envoi…' : 'Oui, refuser'}
          no="Ne pas refuser"
          isDanger
          isBusy={isActing}
          onYes={() =>
            act(
              () =>
                call(`/v1/incoming-requests/${id}/refuse`, {
                  code,
                  ...(words === '' ? {} : { detail: words }),
                }),
              'Le refus est donné.',
            )
          }
          onNo={() => setAsked(false)}
        >
          <p>
            {REASONS.find((one) => one.code === code)?.says}. Les dossiers proposés sont effacés, et la
            demande est close.
          </p>
        </Confirm>
      )}
    </form>
  );
}
