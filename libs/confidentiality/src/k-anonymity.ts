import { createHmac, randomBytes } from 'node:crypto';
import { parsePattern } from './pointer-pattern.ts';

export interface KSettings {
  /** columns an outsider may know of somebody: member names, or pointers (`/post/pcs`) */
  quasiIdentifiers: readonly string[];
  /** classes smaller than this are counted as below; 5 unless told */
  threshold?: number;
  /** column whose diversity within the classes is reported */
  sensitive?: string;
  /** 32 bytes: two measures with the same key can be merged, also across processes; drawn unless given */
  key?: Uint8Array;
}

/** What a manifest says of an anonymised batch. Holds counts only. */
export interface KReport {
  /** size of the smallest class; 0 when there is no row */
  k: number;
  rows: number;
  /** distinct combinations of the quasi-identifiers */
  classes: number;
  threshold: number;
  /** classes under the threshold, and the rows in them */
  below: { classes: number; rows: number };
  /** the residual risk, as prosecutor: somebody who knows that the person is in the file */
  risk: {
    /** best chance of naming the right row: 1/k */
    highest: number;
    /** mean over the rows: classes/rows */
    mean: number;
    /** share of the rows in the smallest classes (those of size k) */
    shareInSmallest: number;
    /** share of the rows in classes under the threshold */
    shareBelow: number;
    /** rows alone in their class */
    unique: number;
  };
  /** smallest number of distinct values of the sensitive column in a class; reported, not enforced */
  l?: number;
}

interface Class {
  rows: number;
  sensitive: Set<string>;
}

/**
 * k over as many batches as wanted. Keeps one keyed hash and one count per class: no value of any row, and the memory
 * of the number of classes, not of rows.
 *
 * Guarantee: `k` is exact, the same whatever the order and the cut of the batches. It measures and changes nothing;
 * k-anonymity does not bound what a class that agrees on a sensitive value tells (see `l`), nor what an outsider
 * knows beyond the columns named.
 */
export class KMeasure {
  readonly #settings: KSettings;
  readonly #key: Uint8Array;
  readonly #classes = new Map<string, Class>();

  constructor(settings: KSettings) {
    if (settings.quasiIdentifiers.length === 0) throw new RangeError('k is measured over some columns');
    this.#settings = settings;
    this.#key = settings.key ?? randomBytes(32);
  }

  /** Adds rows; gives the class of each, a keyed hash that may be stored beside the line. */
  add(rows: readonly object[]): string[] {
    return rows.map((row) => {
      const name = this.#hash(this.#settings.quasiIdentifiers.map((column) => valueAt(row, column)));
      const { sensitive } = this.#settings;
      this.addClass(name, 1, sensitive === undefined ? [] : [this.#hash([valueAt(row, sensitive)])]);
      return name;
    });
  }

  /** Adds rows known by their class only, as `add` or `entries` of a measure with the same key gave it. */
  addClass(name: string, rows = 1, sensitive: Iterable<string> = []): void {
    const known = this.#classes.get(name) ?? { rows: 0, sensitive: new Set<string>() };
    known.rows += rows;
    for (const value of sensitive) known.sensitive.add(value);
    this.#classes.set(name, known);
  }

  /** Rows of a class so far. */
  sizeOf(name: string): number {
    return this.#classes.get(name)?.rows ?? 0;
  }

  /** Hashes and counts, to keep or to feed another measure. */
  *entries(): Generator<readonly [name: string, rows: number, sensitive: readonly string[]]> {
    for (const [name, { rows, sensitive }] of this.#classes) yield [name, rows, [...sensitive]];
  }

  report(): KReport {
    const all = [...this.#classes.values()];
    const threshold = this.#settings.threshold ?? 5;
    const rows = sum(all);
    const k = all.reduce((least, { rows }) => Math.min(least, rows), rows);
    const below = all.filter((one) => one.rows < threshold);
    const share = (some: readonly Class[]): number => (rows === 0 ? 0 : sum(some) / rows);
    return {
      k,
      rows,
      classes: all.length,
      threshold,
      below: { classes: below.length, rows: sum(below) },
      risk: {
        highest: k === 0 ? 0 : 1 / k,
        mean: rows === 0 ? 0 : all.length / rows,
        shareInSmallest: share(all.filter((one) => one.rows === k)),
        shareBelow: share(below),
        unique: all.filter((one) => one.rows === 1).length,
      },
      ...(this.#settings.sensitive === undefined
        ? {}
        : { l: all.reduce((least, { sensitive }) => Math.min(least, sensitive.size), rows) }),
    };
  }

  #hash(values: readonly unknown[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(values)).digest('base64url').slice(0, 22);
  }
}

/** k of one batch, with the places of the rows whose class is under the threshold. */
export function measureK(
  rows: readonly object[],
  quasiIdentifiers: readonly string[],
  settings: Omit<KSettings, 'quasiIdentifiers'> = {},
): KReport & { belowIndices: number[] } {
  const measure = new KMeasure({ ...settings, quasiIdentifiers });
  const names = measure.add(rows);
  const report = measure.report();
  const belowIndices = names.flatMap((name, at) => (measure.sizeOf(name) < report.threshold ? [at] : []));
  return { ...report, belowIndices };
}

function valueAt(row: object, column: string): unknown {
  const steps = column.startsWith('/') ? parsePattern(column) : [column];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : null,
    row,
  );
}

function sum(classes: readonly Class[]): number {
  return classes.reduce((count, { rows }) => count + rows, 0);
}
