import { useCall } from '../api/use-call.ts';
import { Choices } from './fields.tsx';
import { Notice } from './notice.tsx';

/** The services that this person may write to: Relais proposes none. */
export function ServiceChoice({
  label,
  path,
  value,
  onChange,
}: {
  label: string;
  path: string;
  value: string;
  onChange(id: string): void;
}) {
  const { value: services, problem } = useCall<readonly { id: string; name: string }[]>(path);
  if (problem !== undefined) return <Notice tone="problem">{problem.words}</Notice>;
  if (services?.length === 0)
    return (
      <Notice tone="info">
        Aucun service de santé au travail ne peut être joint d’ici pour le moment : écrivez directement au
        vôtre.
      </Notice>
    );
  return (
    <Choices
      label={label}
      choices={(services ?? []).map(({ id, name }) => ({ value: id, says: name }))}
      value={value}
      onChange={onChange}
      isRequired
    />
  );
}
