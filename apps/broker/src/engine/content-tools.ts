import { stringify } from 'csv-stringify/sync';
import { KMeasure, suppress } from '#confidentiality';
import { type AnonymityPool, BrokerError, type ContentTools } from '#core';
import { asTransaction, supportBundle, writeCda, writeSummary } from '#documents';

/** What flows may use of the libraries. */
export const contentTools: ContentTools = {
  poolOf,
  suppress: ({ cells, equations }, { threshold, free = [], previous }) => {
    const { unproven, ...suppressed } = suppress(
      { cells, sums: equations },
      { threshold, public: free, ...(previous === undefined ? {} : { previous }) },
    );
    if (unproven.length > 0) throw new BrokerError('anonymity.k-too-low');
    return suppressed;
  },
  cda: writeCda,
  cdaSummary: writeSummary,
  supportInFhir: (summary, origin) =>
    Buffer.from(JSON.stringify(asTransaction(supportBundle(summary, origin)))),
  csv: (columns, rows) =>
    Buffer.from(
      stringify([columns, ...rows] as unknown[][], {
        record_delimiter: 'windows',
        cast: { boolean: (value) => String(value) },
      }),
    ),
};

function poolOf(quasiIdentifiers: readonly string[]): AnonymityPool {
  const measure = new KMeasure({ quasiIdentifiers });
  const classes = new Map<string, string[]>();
  return {
    add: (owner, rows) => {
      classes.set(owner, [...(classes.get(owner) ?? []), ...measure.add(rows)]);
    },
    measure: (k) => {
      const below = new Map<string, number>();
      for (const [owner, names] of classes) {
        const small = names.filter((name) => measure.sizeOf(name) < k).length;
        if (small > 0) below.set(owner, small);
      }
      const report = measure.report();
      return { k: report.k, rows: report.rows, classes: report.classes, below };
    },
  };
}
