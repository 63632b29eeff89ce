import type { ValueTransformer } from 'typeorm';

/** T as a row holds it: what is optional in the core is NULL in the table. */
export type Row<T> = {
  [K in keyof T]-?: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K];
};

/** A row as the core knows it: what is NULL is absent. */
export function present<T extends object>(row: Row<T>): T {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;
}

/** JSON kept as text. */
export const asJson: ValueTransformer = {
  from: (text: string | null) => (text === null ? null : JSON.parse(text)),
  to: (value: unknown) => (value === null ? null : JSON.stringify(value)),
};

/** 0 or 1. */
export const asFlag: ValueTransformer = {
  from: (value: number) => value === 1,
  to: (value: boolean) => (value ? 1 : 0),
};
