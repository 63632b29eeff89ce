import { type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { call, problemOf } from '../api/http.ts';
import type { DeclarationCheck } from '../api/schemas.ts';
import { useSession } from '../session/session.ts';
import { ActButton } from '../ui/act-button.tsx';
import { Choices } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { ServiceChoice } from '../ui/service-choice.tsx';
import { useFormKey } from '../ui/use-form-key.ts';
import { CheckedLines } from './checked-lines.tsx';
import { NO_FILE, readStaffFile, type StaffFile } from './staff-file.ts';
import { StaffFileField } from './staff-file-field.tsx';

const CAPACITIES = [
  { value: 'EMPLOYEUR', says: 'Employeur' },
  { value: 'MANDATAIRE', says: 'Mandataire de l’employeur' },
];

/** A file is read here, checked line by line by the broker, and sent once nothing is wrong in it. */
export function DeclarePage() {
  const { me } = useSession();
  const [, go] = useLocation();
  const { key, renew } = useFormKey();
  const [service, setService] = useState('');
  const [capacity, setCapacity] = useState('');
  const [file, setFile] = useState<StaffFile>(NO_FILE);
  const [checked, setChecked] = useState<DeclarationCheck>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  // a check that comes back for another form than the one shown says nothing of it
  const turn = useRef(0);
  const { lines } = file;
  const missing = [
    ...(service === '' ? ['le service'] : []),
    ...(capacity === '' ? ['votre qualité'] : []),
    ...(lines.length === 0 ? ['le fichier'] : []),
  ];
  const isSound =
    checked !== undefined &&
    checked.others.length === 0 &&
    checked.lines.every(({ findings }) => findings.length === 0);

  // another choice is another form: it is checked anew, and what was said of the one before is over
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      turn.current += 1;
      renew();
      setChecked(undefined);
      setProblem(undefined);
    };
  const take = changed(setFile);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing.length > 0) {
      setProblem(`Il manque : ${missing.join(', ')}.`);
      return;
    }
    setBusy(true);
    setProblem(undefined);
    const form = { service, capacity, lines };
    const mine = turn.current;
    const step = isSound
      ? call<{ id: string }>('/v1/employer/declarations', { ...form, key }).then(({ id }) =>
          go(`/employeur/declarations/${id}`),
        )
      : call<DeclarationCheck>('/v1/employer/declarations/check', form).then((verdict) => {
          if (turn.current === mine) setChecked(verdict);
        });
    step.catch((error: unknown) => setProblem(problemOf(error).words)).finally(() => setBusy(false));
  };
  const said = problem ?? file.problem;
  return (
    <main id="contenu">
      <h1>Nouvelle déclaration</h1>
      <p>
        Pour l’établissement {me.siret}, au nom de {me.name}.
      </p>
      <form onSubmit={submit} noValidate aria-label="Déclarer">
        <ServiceChoice
          label="À quel service"
          path="/v1/employer/services"
          value={service}
          onChange={changed(setService)}
        />
        <Choices
          label="Vous déclarez comme"
          choices={CAPACITIES}
          value={capacity}
          onChange={changed(setCapacity)}
          isRequired
        />
        <StaffFileField
          read={lines.length}
          onChosen={(bytes) => take(readStaffFile(bytes))}
          onUnread={(why) => take({ ...NO_FILE, problem: why })}
        />
        {said !== undefined && <Notice tone="problem">{said}</Notice>}
        {checked !== undefined && <CheckedLines file={file} checked={checked} />}
        <ActButton type="submit" className="button" isBusy={busy}>
          {isSound ? 'Envoyer la déclaration' : 'Vérifier le fichier'}
        </ActButton>
      </form>
    </main>
  );
}
