/** Every parser of the product that takes bytes from outside; a new one gets its line here. */
import { CHANNEL_PARSERS } from './channel-parsers.ts';
import { CONTENT_PARSERS } from './content-parsers.ts';
import { closeDirectories, DIRECTORY_PARSERS } from './directory-parsers.ts';
import { DOCUMENT_PARSERS } from './document-parsers.ts';
import { closeEnvelopes, ENVELOPE_PARSERS } from './envelope-parsers.ts';
import { MHD_PARSERS } from './mhd-parsers.ts';
import type { PreparedParser } from './parser.ts';
import { SERVICE_PARSERS } from './service-parsers.ts';

export const PARSERS: readonly PreparedParser[] = [
  ...CONTENT_PARSERS,
  ...ENVELOPE_PARSERS,
  ...DOCUMENT_PARSERS,
  ...SERVICE_PARSERS,
  ...MHD_PARSERS,
  ...CHANNEL_PARSERS,
  ...DIRECTORY_PARSERS,
];

export async function closeParsers(): Promise<void> {
  await Promise.all([closeEnvelopes(), closeDirectories()]);
}
