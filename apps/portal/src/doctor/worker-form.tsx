import { useState } from 'react';
import { call, problemOf } from '../api/http.ts';
import type { ScannedIdentity } from '../api/schemas.ts';
import { dateOf } from '../ui/dates.ts';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { scanned, type Worker } from './worker.ts';

const SEXES = [
  { value: 'F', says: 'Féminin' },
  { value: 'M', says: 'Masculin' },
];
/** A scan begins so (ANS, INS datamatrix); whatever else is typed here is left alone until it does. */
const HEADER = /^IS01/;

/** By a scan, or by hand. */
export function WorkerForm({ worker, onChange }: { worker: Worker; onChange(worker: Worker): void }) {
  const [scan, setScan] = useState('');
  const [problem, setProblem] = useState<string>();
  const [date, setDate] = useState(frenchDate(worker.birthDate));
  const set = (change: Partial<Worker>) => {
    // traits typed over a scan are another identity than that of its matricule
    const { ins: _, ...traits } = worker;
    onChange({ ...traits, ...change });
  };
  const read = (text: string) => {
    setScan('');
    call<ScannedIdentity>('/v1/identity/datamatrix', { text })
      .then((identity) => {
        setProblem(undefined);
        const read = scanned(identity);
        setDate(frenchDate(read.birthDate));
        onChange(read);
      })
      .catch((error: unknown) => setProblem(problemOf(error).words));
  };
  return (
    <fieldset>
      <legend>Le travailleur</legend>
      <TextField
        label="Datamatrix INS"
        help="Placez le curseur ici, puis lisez le code avec la douchette : les champs se remplissent."
        value={scan}
        onChange={setScan}
        onKeyDown={(event) => {
          // a hand reader ends with Enter
          if (event.key !== 'Enter' || !HEADER.test(scan)) return;
          event.preventDefault();
          read(scan);
        }}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text');
          if (!HEADER.test(text)) return;
          event.preventDefault();
          read(text);
        }}
      />
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <div className="columns">
        <TextField
          label="Nom de naissance"
          value={worker.birthName}
          onChange={(birthName) => set({ birthName })}
          isRequired
        />
        <TextField
          label="Prénoms de naissance"
          help="Tous, dans l’ordre de l’état civil."
          value={worker.firstNames}
          onChange={(firstNames) => set({ firstNames })}
          isRequired
        />
        <TextField
          label="Date de naissance"
          help="JJ/MM/AAAA"
          inputMode="numeric"
          value={date}
          onChange={(written) => {
            setDate(written);
            set({ birthDate: dateOf(written) });
          }}
          isRequired
        />
        <TextField
          label="Lieu de naissance (code officiel géographique)"
          help="Facultatif : cinq caractères, 99 et le pays pour l’étranger."
          value={worker.birthPlace}
          onChange={(birthPlace) => set({ birthPlace })}
          maxLength={5}
        />
      </div>
      <Choices
        label="Sexe"
        choices={SEXES}
        value={worker.sex}
        onChange={(sex) => set({ sex: sex as Worker['sex'] })}
        isRequired
      />
    </fieldset>
  );
}

function frenchDate(date: string): string {
  return date.split('-').reverse().join('/');
}
