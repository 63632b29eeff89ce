import { type FormEvent, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { Choices, TextField } from '../ui/fields.tsx';
import { Notice } from '../ui/notice.tsx';
import { type Filter, queryOf } from './filter.ts';

const REGISTERS = [
  { value: 'accesses', says: 'Accès aux dossiers' },
  { value: 'readings', says: 'Consultations de ce registre' },
];

/** What is chosen here is asked for at the button only: each reading leaves a line. */
export function FilterForm({ filter, onShow }: { filter: Filter; onShow(change: Partial<Filter>): void }) {
  const [register, setRegister] = useState(filter.register);
  const [from, setFrom] = useState(filter.from);
  const [to, setTo] = useState(filter.to);
  const [problem, setProblem] = useState<string>();
  // a search of one worker comes back to the accesses
  useEffect(() => setRegister(filter.register), [filter.register]);
  const show = (event: FormEvent) => {
    event.preventDefault();
    if (queryOf({ from, to }) === undefined) {
      setProblem('Écrivez les dates ainsi : 31/12/2026.');
      return;
    }
    setProblem(undefined);
    onShow({ register, from, to });
  };
  return (
    <form onSubmit={show} noValidate aria-label="Filtrer">
      <Choices
        label="Montrer"
        choices={REGISTERS}
        value={register}
        onChange={(chosen) => setRegister(chosen as Filter['register'])}
      />
      <div className="columns">
        <TextField label="Du" help="JJ/MM/AAAA ; vide : depuis le début." value={from} onChange={setFrom} />
        <TextField
          label="Au"
          help="JJ/MM/AAAA, inclus ; vide : jusqu’à maintenant."
          value={to}
          onChange={setTo}
        />
      </div>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      <Button type="submit" className="button">
        Afficher
      </Button>
    </form>
  );
}
