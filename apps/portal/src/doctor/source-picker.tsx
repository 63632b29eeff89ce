import { useEffect, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { call, problemOf } from '../api/http.ts';
import type { Api } from '../api/schemas.ts';
import { Notice } from '../ui/notice.tsx';
import { RecentSources } from './recent-sources.tsx';

export type Service = Api['ServiceCard'];

const PAUSE_MS = 150;

/** Services are chosen by hand, by whoever knows where the worker was followed; Relais supposes nothing of it. */
export function SourcePicker({
  chosen,
  onChange,
}: {
  chosen: readonly Service[];
  onChange(chosen: readonly Service[]): void;
}) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly Service[]>([]);
  const [problem, setProblem] = useState<string>();
  // once one is chosen the list is shut, and hides nothing, until it is looked into again
  const [isShut, setShut] = useState(false);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      call<readonly Service[]>(`/v1/directory/services?q=${encodeURIComponent(text)}`)
        .then((services) => {
          if (gone) return;
          setProblem(undefined);
          setFound(services);
        })
        .catch((error: unknown) => gone || setProblem(problemOf(error).words));
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [text]);
  const left = isShut ? [] : found.filter(({ id }) => !chosen.some((one) => one.id === id));
  return (
    <fieldset>
      <legend>Service qui l’a suivi</legend>
      <RecentSources chosen={chosen} onChange={onChange} />
      <ComboBox
        className="field"
        items={left}
        inputValue={text}
        onInputChange={(written) => {
          setText(written);
          if (written !== '') setShut(false);
        }}
        selectedKey={null}
        onSelectionChange={(key) => {
          const service = found.find(({ id }) => id === key);
          if (service === undefined) return;
          onChange([...chosen, service]);
          setText('');
          setShut(true);
        }}
        disabledKeys={left.filter((one) => !isReachable(one)).map(({ id }) => id)}
        menuTrigger="focus"
        allowsEmptyCollection={text !== ''}
      >
        <Label>Chercher un service</Label>
        <Text slot="description">
          Par nom ou par SIRET. Demandez au travailleur ses employeurs précédents.
        </Text>
        <div className="with-button">
          <Input autoComplete="off" />
          <Button aria-label="Montrer les services" onPress={() => setShut(false)}>
            ▾
          </Button>
        </div>
        <Popover className="popover">
          <ListBox<Service> renderEmptyState={() => <p className="empty">Aucun service de ce nom.</p>}>
            {(service) => (
              <ListBoxItem id={service.id} textValue={service.name} className="option">
                <span>{service.name}</span>
                {service.siret !== undefined && <span className="quiet">SIRET {service.siret}</span>}
                {!isReachable(service) && (
                  <span className="quiet">connu de l’annuaire, pas encore relié à Relais : appelez-le</span>
                )}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {problem !== undefined && <Notice tone="problem">{problem}</Notice>}
      {chosen.length > 0 && (
        <ul className="plain chosen" aria-label="Services choisis">
          {chosen.map((service) => (
            <li key={service.id}>
              {service.name}{' '}
              <Button
                className="quiet-button"
                aria-label={`Retirer ${service.name}`}
                onPress={() => onChange(chosen.filter(({ id }) => id !== service.id))}
              >
                Retirer
              </Button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

/** Only a partner of Relais can be asked through it. */
function isReachable({ reachable }: Service): boolean {
  return reachable === 'relais';
}
