import { insKey } from '#core';

/** Key of a matricule, NIR or NIA, in either case; undefined when `value` is no matricule of 13 characters. */
export function nirKey(value: string): string | undefined {
  return insKey(value.toUpperCase());
}
