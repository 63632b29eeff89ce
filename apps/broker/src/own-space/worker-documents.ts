/** A worker's view as it is shown: documents apart, each checked against its digest before it is handed over. */
import { createHash } from 'node:crypto';
import { BrokerError, type NamedPerson, type Traits } from '#core';
import { notHere } from './own-copies.ts';

export interface HeldDocument {
  id: string;
  title: string;
  sha256: string;
  /** base64 */
  content: string;
  [more: string]: unknown;
}

/** As delivered (`worker-view-delivered`). */
export interface DeliveredView {
  person: NamedPerson & { traits: Traits };
  documents: readonly HeldDocument[];
  accessLog: readonly object[];
}

/** Without the bytes: a document is fetched by itself, and its opening is an act. */
export function shownView(view: DeliveredView): object {
  return {
    ...view,
    documents: view.documents.map(({ content, ...document }) => ({
      ...document,
      bytes: Buffer.byteLength(content, 'base64'),
    })),
  };
}

/** @returns its place in the view, and its bytes. @throws BrokerError `not-found`, `content.invalid` when it is not what its digest says */
export function documentOf({ documents }: DeliveredView, id: string): { n: number; pdf: Buffer } {
  const n = documents.findIndex((document) => document.id === id);
  const document = documents[n];
  if (document === undefined) throw notHere();
  const pdf = Buffer.from(document.content, 'base64');
  if (createHash('sha256').update(pdf).digest('hex') !== document.sha256) {
    throw new BrokerError('content.invalid', {
      detail: 'Ce document ne correspond pas à son empreinte : il n’est pas montré. Prévenez votre service.',
    });
  }
  return { n: n + 1, pdf };
}
