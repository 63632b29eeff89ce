import { type FormEvent, useState } from 'react';
import { call } from '../api/http.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { calendarDay } from '../ui/dates.ts';
import { Checkbox, Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { nameOf } from './candidates.tsx';
import type { Acting, Incoming } from './incoming.ts';

/** One file leaves, chosen by a person, and the others are gone. The most recent visit comes first, chosen by nobody. */
export function Release({
  incoming: { proposed, requesterName },
  acting: { id, act, isActing },
}: {
  incoming: Incoming;
  acting: Acting;
}) {
  const [candidate, setCandidate] = useState('');
  const [isSamePerson, setSamePerson] = useState(false);
  const [asked, setAsked] = useState(false);
  const [missing, setMissing] = useState<string>();
  const files = proposed
    .map((one, n) => ({ one, name: nameOf(one, n) }))
    .filter(({ one }) => one.mediaType !== undefined);
  const chosen = files.find(({ one }) => one.id === candidate);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (chosen === undefined) return setMissing('Choisissez le dossier à transmettre.');
    if (chosen.one.needsConfirmation && !isSamePerson)
      return setMissing('Confirmez d’abord qu’il s’agit de la même personne.');
    setMissing(undefined);
    setAsked(true);
  };
  return (
    <form onSubmit={ask} noValidate aria-label="Transmettre">
      <fieldset>
        <legend>Transmettre un dossier</legend>
        <Choices
          label="Dossier à transmettre"
          choices={files.map(({ one, name }) => ({
            value: one.id,
            says:
              one.lastVisit === undefined
                ? name
                : `${name} (dernière visite le ${calendarDay(one.lastVisit)})`,
          }))}
          value={candidate}
          onChange={(value) => {
            setCandidate(value);
            setSamePerson(false);
            setAsked(false);
            setMissing(undefined);
          }}
          isRequired
          isStacked
        />
        {chosen?.one.needsConfirmation === true && (
          <Checkbox
            isSelected={isSamePerson}
            onChange={(isSame) => {
              setSamePerson(isSame);
              setAsked(false);
              setMissing(undefined);
            }}
          >
            J’ai comparé : ce dossier est bien celui de cette personne. L’identité n’étant pas qualifiée des
            deux côtés, ma confirmation est inscrite au journal.
          </Checkbox>
        )}
        {missing !== undefined && <Notice tone="problem">{missing}</Notice>}
        {!asked && (
          <ActButton type="submit" className="button" isBusy={isActing}>
            Transmettre…
          </ActButton>
        )}
      </fieldset>
      {asked && chosen !== undefined && (
        <Confirm
          title={`Transmettre ce dossier à ${requesterName} ?`}
          yes={isActing ? 'Envoi…' : 'Oui, transmettre'}
          no="Ne pas transmettre"
          isBusy={isActing}
          onYes={() =>
            act(
              () =>
                call(`/v1/incoming-requests/${id}/release`, {
                  candidate: chosen.one.id,
                  identityConfirmed: isSamePerson,
                }),
              'Le dossier est parti.',
            )
          }
          onNo={() => setAsked(false)}
        >
          <p>
            {chosen.name}. Il part scellé pour ce service ; les autres dossiers proposés sont effacés. Un
            dossier parti ne revient pas.
          </p>
        </Confirm>
      )}
    </form>
  );
}
