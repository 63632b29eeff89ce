import { type FormEvent, useRef, useState } from 'react';
import { callAs } from '../api/http.ts';
import { ActButton } from '../ui/act-button.tsx';
import { dateOf, isDay } from '../ui/dates.ts';
import { TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import type { Acting } from './incoming.ts';

const MOST = 10_000_000;
const TYPES: Readonly<Record<string, string>> = { pdf: 'application/pdf', json: 'application/json' };

/** A file that somebody found joins the others: it is checked and kept, and leaves only when it is released. */
export function GiveFile({ acting: { id, act, isActing } }: { acting: Acting }) {
  const chooser = useRef<HTMLInputElement>(null);
  const [lastVisit, setLastVisit] = useState('');
  const [label, setLabel] = useState('');
  const [missing, setMissing] = useState<string>();
  const give = (event: FormEvent) => {
    event.preventDefault();
    const file = chooser.current?.files?.[0];
    const type = TYPES[file?.name.split('.').at(-1)?.toLowerCase() ?? ''];
    const day = dateOf(lastVisit);
    const lack = lackOf(file, type, day);
    setMissing(lack);
    if (file === undefined || type === undefined || lack !== undefined) return;
    act(async () => {
      await callAs(`/v1/incoming-requests/${id}/candidates`, file, {
        'content-type': type,
        ...(day === '' ? {} : { 'relais-lastvisit': day }),
        ...(label.trim() === '' ? {} : { 'relais-label': encodeURIComponent(label.trim()) }),
      });
      if (chooser.current !== null) chooser.current.value = '';
      setLastVisit('');
      setLabel('');
    }, 'Dossier joint à la demande : rien n’est encore parti.');
  };
  return (
    <form onSubmit={give} noValidate aria-label="Joindre un dossier">
      <fieldset>
        <legend>Joindre un dossier</legend>
        <div className="field">
          <label htmlFor="fichier">Fichier</label>
          <span id="fichier-aide" className="quiet">
            PDF, ou export DMST (.json), 10 Mo au plus.
          </span>
          <input ref={chooser} id="fichier" type="file" accept=".pdf,.json" aria-describedby="fichier-aide" />
        </div>
        <div className="columns">
          <TextField
            label="Dernière visite"
            help="JJ/MM/AAAA ; un export DMST la contient déjà."
            value={lastVisit}
            onChange={setLastVisit}
          />
          <TextField
            label="Repère"
            help="Facultatif, pour vous y retrouver. Ne part pas."
            value={label}
            onChange={setLabel}
            maxLength={200}
          />
        </div>
        {missing !== undefined && <Notice tone="problem">{missing}</Notice>}
        <ActButton type="submit" className="quiet-button" isBusy={isActing}>
          Joindre
        </ActButton>
      </fieldset>
    </form>
  );
}

function lackOf(file: File | undefined, type: string | undefined, day: string): string | undefined {
  if (file === undefined) return 'Choisissez un fichier.';
  if (type === undefined) return 'Ce fichier n’est ni un PDF ni un export DMST.';
  if (file.size > MOST) return 'Ce fichier dépasse 10 Mo.';
  if (day !== '' && !isDay(day)) return 'Date de la dernière visite : JJ/MM/AAAA.';
  if (type === 'application/pdf' && day === '') return 'Écrivez la date de la dernière visite (JJ/MM/AAAA).';
  return undefined;
}
