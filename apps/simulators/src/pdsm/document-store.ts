/** Documents that a PDSm server keeps: each id once, a replaced version superseded. */
import { randomUUID } from 'node:crypto';
import type { DocumentReference } from 'fhir-types/r4.js';
import type { Issue } from './check-pdsm.ts';

export interface KeptReference {
  reference: DocumentReference;
  bytes: Buffer;
}

export class DocumentStore {
  readonly kept: KeptReference[] = [];
  readonly #binaries = new Map<string, { contentType: string; bytes: Buffer }>();

  /** @returns why it may not be kept */
  refuses({ masterIdentifier, relatesTo = [], subject }: DocumentReference): Issue[] {
    const isKnown = this.kept.some(({ reference }) => named(reference) === masterIdentifier?.value);
    const targets = relatesTo.map(({ target }) => target.identifier?.value);
    const lost = targets.some(
      (urn) =>
        !this.kept.some(
          ({ reference }) =>
            named(reference) === urn &&
            reference.status === 'current' &&
            reference.subject?.identifier?.value === subject?.identifier?.value,
        ),
    );
    return [
      ...(isKnown ? [{ code: 'duplicate' as const, expression: 'DocumentReference.masterIdentifier' }] : []),
      ...(lost ? [{ code: 'not-found' as const, expression: 'DocumentReference.relatesTo' }] : []),
    ];
  }

  keep(document: DocumentReference, bytes: Buffer): string {
    for (const { target } of document.relatesTo ?? []) {
      const replaced = this.kept.find(({ reference }) => named(reference) === target.identifier?.value);
      if (replaced !== undefined) replaced.reference.status = 'superseded';
    }
    const binary = randomUUID();
    const [content] = document.content;
    const { data: _, ...attachment } = content?.attachment ?? {};
    this.#binaries.set(binary, { contentType: attachment.contentType ?? '', bytes });
    const id = randomUUID();
    this.kept.push({
      bytes,
      reference: {
        ...document,
        id,
        content: [{ ...content, attachment: { ...attachment, url: `Binary/${binary}` } }],
      },
    });
    return id;
  }

  /** ITI-67. */
  find(params: URLSearchParams): DocumentReference[] {
    const [, patient] = (params.get('patient.identifier') ?? '').split('|');
    const [, urn] = (params.get('identifier') ?? '').split('|');
    return this.kept
      .map(({ reference }) => reference)
      .filter((one) => one.subject?.identifier?.value === patient && one.status === params.get('status'))
      .filter((one) => urn === undefined || named(one) === urn);
  }

  binary(id: string): object | undefined {
    const held = this.#binaries.get(id);
    return (
      held && {
        resourceType: 'Binary',
        id,
        contentType: held.contentType,
        data: held.bytes.toString('base64'),
      }
    );
  }
}

function named({ masterIdentifier }: DocumentReference): string | undefined {
  return masterIdentifier?.value;
}
