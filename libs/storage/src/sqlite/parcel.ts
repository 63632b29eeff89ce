/**
 * Lists on their way to the writer thread: one text for all that is text, copied in half the time of as many objects
 * with their names, and beside it the bytes, which are handed over, not copied.
 */
import { fieldsOf, type Step, type StepList, type StepName } from '../named.ts';

export interface Parcel {
  text: string;
  bytes: Uint8Array<ArrayBuffer>[];
}

/** In the order of the step's fields; bytes are told by their place in the parcel. */
type Value = string | number | null | [place: number];
type PackedStep = [StepName, rows: number | null, ...Value[]];
type PackedList = [id: number, ...PackedStep[]];

/**
 * The caller keeps its bytes (it sends them on after the commit), and a small Buffer is a window on a pool that must not
 * travel: each is copied once into memory of its own.
 */
export function packed(lists: readonly StepList[]): Parcel {
  const bytes: Parcel['bytes'] = [];
  const pack = ({ name, params, rows }: Step): PackedStep => {
    const values = fieldsOf(name).map((field): Value => {
      const value = params[field] ?? null;
      return value instanceof Uint8Array ? [bytes.push(new Uint8Array(value)) - 1] : value;
    });
    return [name, rows ?? null, ...values];
  };
  const text = JSON.stringify(lists.map(({ id, steps }): PackedList => [id, ...steps.map(pack)]));
  return { text, bytes };
}

export function unpacked({ text, bytes }: Parcel): StepList[] {
  return (JSON.parse(text) as PackedList[]).map(([id, ...steps]) => ({
    id,
    steps: steps.map(([name, rows, ...values]): Step => {
      const params: Step['params'] = {};
      for (const [i, field] of fieldsOf(name).entries()) {
        const value = values[i] ?? null;
        params[field] = Array.isArray(value) ? (bytes[value[0]] ?? null) : value;
      }
      return { name, params, rows: rows ?? undefined };
    }),
  }));
}
