/** A document before any format: flows make it (contracts/<flow>/document.ts), libs/documents renders it. */
import type { IdentityAttribute, IdentityStatus, Ins } from './identity.ts';

export type Cell = string;

export type Block =
  | { kind: 'facts'; rows: readonly { label: string; value: string; strong?: boolean }[] }
  | {
      kind: 'table';
      /** `width` is a share, relative to the other columns (1 when absent) */
      columns: readonly { title: string; width?: number }[];
      rows: readonly (readonly Cell[])[];
      empty: string;
    }
  | { kind: 'list'; items: readonly string[]; empty: string }
  | { kind: 'text'; text: string }
  | { kind: 'notice'; tone: 'info' | 'warning'; text: string };

export interface Section {
  title: string;
  blocks: readonly Block[];
}

export interface DocumentModel {
  /** document title, also PDF metadata: no identity trait in it */
  title: string;
  /** BCP 47 */
  language: 'fr-FR';
  /** A = items 1-2 only (IPRP, ASST); AH = whole, health professionals only; extract = what one recipient needs */
  audience: 'A' | 'AH' | 'extract';
  /** instant of the message: the only date the rendering may use (reproducible bytes) */
  date: string;
  /** message id and content digest, printed in the footer */
  reference: string;
  identity: {
    birthName: string;
    firstNames: readonly string[];
    usedName?: string;
    sex: 'M' | 'F' | 'I';
    birthDate: string;
    birthPlace?: string;
    status: IdentityStatus;
    attributes: readonly IdentityAttribute[];
    /** present only for QUAL: printed with its INS datamatrix */
    ins?: Ins;
    /** ready text of the INS datamatrix (ANS v2.2), written by libs/identity; drawn only beside a QUAL `ins` */
    insDatamatrix?: string;
  };
  /** what a physician must read in ten seconds: page one, right under the identity strip */
  essentials: readonly Section[];
  sections: readonly Section[];
  /** where the content comes from, e.g. "SPSTI A, dossier du 12/03/2026" */
  sources: readonly string[];
  /** who may read it, French */
  readers: string;
  /** structured data embedded in PDF/A-3 (AFRelationship Data) */
  attachment?: { name: string; mediaType: string; description: string; content: Uint8Array };
}

/** pdfa-1b and pdfa-3b are what libs/documents declares; see docs/adr for what is certified by whom. */
export type PdfProfile = 'pdfa-1b' | 'pdfa-3b';
