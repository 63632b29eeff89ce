import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { ServiceCard as Service } from '../api/schemas.ts';
import { useCall } from '../api/use-call.ts';
import { Notice } from '../ui/notice.tsx';

/** One press for a service that was asked lately; pressed again it is taken back. None is chosen beforehand. */
export function RecentSources({
  chosen,
  onChange,
}: {
  chosen: readonly Service[];
  onChange(chosen: readonly Service[]): void;
}) {
  const { value: recent = [], problem } = useCall<readonly Service[]>('/v1/directory/services?recent=true');
  if (problem !== undefined) return <Notice tone="problem">{problem.words}</Notice>;
  if (recent.length === 0) return null;
  return (
    <div className="field">
      <span id="recents" className="label">
        Services demandés récemment
      </span>
      <span id="recents-help" className="quiet">
        Pour d’autres demandes : celui-ci n’y a pas forcément été suivi.
      </span>
      <ToggleButtonGroup
        className="row"
        aria-labelledby="recents"
        aria-describedby="recents-help"
        selectionMode="multiple"
        selectedKeys={chosen.map(({ id }) => id)}
        onSelectionChange={(keys) => {
          const kept = chosen.filter(({ id }) => keys.has(id) || !holds(recent, id));
          const added = recent.filter(({ id }) => keys.has(id) && !holds(chosen, id));
          onChange([...kept, ...added]);
        }}
      >
        {recent.map(({ id, name }) => (
          <ToggleButton key={id} id={id} className="chip">
            {name}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

function holds(services: readonly Service[], id: string): boolean {
  return services.some((one) => one.id === id);
}
