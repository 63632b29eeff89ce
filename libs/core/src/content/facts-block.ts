import type { Block } from '../document.ts';

/** Label and value, line by line; a row without a value is left out. `true` = strong. */
export function factsBlock(
  ...rows: readonly (readonly [label: string, value: string | undefined, strong?: true])[]
): Block {
  return {
    kind: 'facts',
    rows: rows.flatMap(([label, value, strong]) =>
      value === undefined || value === '' ? [] : [{ label, value, ...(strong ? { strong } : {}) }],
    ),
  };
}
