import { describe, expect, it } from 'vitest';
import type { OpenedXdm, ReadCda } from '#core';
import type { MailPart, ReadMail } from '#transports';
import { documentIn } from './documents-in.ts';

const bytes = (text: string) => Buffer.from(text);
const archive: MailPart = { mediaType: 'application/zip', name: 'IHE_XDM.zip', bytes: bytes('zip') };
const pdf = (text: string): MailPart => ({ mediaType: 'application/pdf', bytes: bytes(text) });
const wrapping = {
  title: 'N1',
  body: { mediaType: 'application/pdf', bytes: bytes('inside') },
} as unknown as ReadCda;
const structured = { title: 'N3' } as unknown as ReadCda;

function read(cdas: readonly ReadCda[], ...beside: MailPart[]) {
  const opened = { documents: cdas.map((cda) => ({ cda })) } as unknown as OpenedXdm;
  return documentIn({ parts: [archive, ...beside] } as unknown as ReadMail, { openXdm: async () => opened });
}

describe('the document that a mail brings', () => {
  it.each([
    ['N1, alone', [wrapping], [], 'inside'],
    ['N1, with its twin', [wrapping], [pdf('twin')], 'inside'],
    ['N3, with the PDF made of it', [structured], [pdf('twin')], 'twin'],
  ])('is taken: %s', async (_, cdas, beside, taken) => {
    const { cda, pdf: found } = (await read(cdas, ...beside)) ?? {};
    expect([cda, Buffer.from(found ?? []).toString()]).toEqual([cdas[0], taken]);
  });

  it.each([
    ['a structured document beside the one that is taken', [wrapping, structured], []],
    ['two of the same kind', [wrapping, wrapping], []],
    ['PDFs that no document speaks of', [wrapping], [pdf('twin'), pdf('another')]],
    ['a structured document that nobody could read', [structured], []],
  ])('is left to a person, whole, when there is more: %s', async (_, cdas, beside) => {
    await expect(read(cdas, ...beside)).rejects.toMatchObject({ code: 'content.invalid' });
  });
});
