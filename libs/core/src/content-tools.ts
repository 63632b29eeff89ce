import type { CdaDocument } from './cda-document.ts';
import type { Dmst } from './dmst.ts';
import type { SupportOrigin, SupportSummary } from './support-summary.ts';

/**
 * Pure functions of libraries that a flow's hooks may use: they get them in their context, since a flow imports the
 * core only.
 */
export interface ContentTools {
  /** counts a list of rows, value by value: how many share the rarest combination */
  poolOf(quasiIdentifiers: readonly string[]): AnonymityPool;
  /**
   * Small cells become `<threshold`; a second cell goes with the first where margins would give it away.
   * @throws BrokerError `anonymity.k-too-low` when a small cell cannot be shown to stay unknown
   */
  suppress(table: CountTable, options: SuppressOptions): SuppressedTable;
  /** CDA R2 N1 around a PDF/A-1. @throws BrokerError `content.invalid` when its header lacks something */
  cda(document: CdaDocument, pdf: Uint8Array): Uint8Array;
  /** CDA R2 N3, ANS's medical summary (VSM), of a dossier. @throws BrokerError `content.invalid` likewise */
  cdaSummary(document: CdaDocument, dmst: Dmst): Uint8Array;
  /** a FHIR R4 transaction Bundle, JSON bytes */
  supportInFhir(summary: SupportSummary, origin: SupportOrigin): Uint8Array;
  /** RFC 4180 in UTF-8 with a header line; a value that is absent is an empty field */
  csv(columns: readonly string[], rows: readonly (readonly CsvValue[])[]): Uint8Array;
}

export type CsvValue = string | number | boolean | undefined;

/** Fed with rows of any number of messages; keeps hashes of combinations, never a value. */
export interface AnonymityPool {
  /** @param owner whose rows they are: what `below` names */
  add(owner: string, rows: readonly Readonly<Record<string, unknown>>[]): void;
  measure(k: number): AnonymityMeasure;
}

export interface AnonymityMeasure {
  /** size of the smallest class; 0 when there is no row */
  k: number;
  rows: number;
  classes: number;
  /** owners with at least one row in a class under the asked k, and how many such rows */
  below: ReadonlyMap<string, number>;
}

/** Counts of persons, and which cells add up to which: an equation says total = sum of parts. */
export interface CountTable {
  cells: Readonly<Record<string, number>>;
  equations: readonly { total: string; parts: readonly string[] }[];
}

export interface SuppressOptions {
  /** a count from 1 to threshold − 1 is small */
  threshold: number;
  /** cells that may be shown whatever their count (not about persons' health) */
  free?: readonly string[];
  /** of the last publication of the same table: what it hid stays hidden, and the two together tell no more */
  previous?: SuppressionPattern;
}

/** What is remembered of a publication: ids of cells, never a count. */
export interface SuppressionPattern {
  hidden: readonly string[];
  /** those hidden for their own sake */
  small: readonly string[];
}

export interface SuppressedTable {
  /** a count; `<threshold` for a small one; `secret` for one hidden to protect another */
  cells: Readonly<Record<string, number | string>>;
  /** for the next publication */
  pattern: SuppressionPattern;
  /** how many cells were hidden for their own sake, and how many to protect them */
  hidden: { primary: number; secondary: number };
}
