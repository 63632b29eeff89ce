/** The document that a mail brings, if it is one that Relais may take by itself. */
import { BrokerError, type ClinicalDocuments, type ReadCda } from '#core';
import type { MailPart, ReadMail } from '#transports';

export interface DocumentIn {
  cda: ReadCda;
  pdf: Uint8Array;
  level: 'N1' | 'N3';
}

const PDF = 'application/pdf';
const ZIP = [
  'application/zip',
  'application/x-zip-compressed',
  'application/x-zip',
  'application/octet-stream',
];

/** Archives by their name or by what they say they are: a volet says `IHE_XDM.zip`, in upper or lower case. */
export function archivesIn({ parts }: ReadMail): MailPart[] {
  const named = parts.filter(({ name = '' }) => /^IHE_XDM\.ZIP$/i.test(name));
  return named.length > 0 ? named : parts.filter(({ mediaType }) => ZIP.includes(mediaType));
}

/**
 * The one document of the one archive: N1 with its PDF inside; a structured one with the PDF beside it. Anything else
 * is a person's to sort.
 *
 * @throws BrokerError `xdm.invalid`, `content.active`, `content.invalid`
 */
export async function documentIn(
  mail: ReadMail,
  documents: Pick<ClinicalDocuments, 'openXdm'>,
): Promise<DocumentIn | undefined> {
  const [archive, ...others] = archivesIn(mail);
  if (archive === undefined) return undefined;
  if (others.length > 0) throw several();
  const opened = await documents.openXdm(archive.bytes);
  const [document, ...more] = opened.documents;
  const twins = mail.parts.filter(({ mediaType }) => mediaType === PDF);
  const [twin, ...loose] = twins;
  // what is not taken would be nobody's: the mail is marked as handled
  if (document === undefined || more.length > 0 || loose.length > 0) throw several();
  const { cda } = document;
  if (cda.body?.mediaType === PDF) return { cda, pdf: cda.body.bytes, level: 'N1' };
  if (twin === undefined) throw several();
  return { cda, pdf: twin.bytes, level: 'N3' };
}

function several(): BrokerError {
  return new BrokerError('content.invalid', {
    detail: 'Le message ne contient pas un document, et un seul, accompagné de son PDF.',
  });
}
