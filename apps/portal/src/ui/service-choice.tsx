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
  const { value: services = [], problem } = useCall<readonly { id: string; name: string }[]>(path);
  if (problem !== undefined) return <Notice tone="problem">{problem.words}</Notice>;
  return (
    <Choices
      label={label}
      choices={services.map(({ id, name }) => ({ value: id, says: name }))}
      value={value}
      onChange={onChange}
      isRequired
    />
  );
}
