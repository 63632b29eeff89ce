import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react';

/** A page that is fetched when it is first shown: whoever asks for a dossier loads nothing of the registers. */
export function later<Name extends string, Props extends object>(
  load: () => Promise<Readonly<Record<Name, (props: Props) => ReactNode>>>,
  name: Name,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: (await load())[name] }));
}
