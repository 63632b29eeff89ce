/** What several channels use: signed and encrypted XML, sealed mail. */
import type { Provider } from '@nestjs/common';
import { createMailSealing, createXmlCipher, createXmlSignatures } from '#protection';
import { MAIL_SEALING, XML_CIPHER, XML_SIGNATURES } from '../../tokens.ts';

export const tools: Provider[] = [
  { provide: XML_SIGNATURES, useFactory: () => createXmlSignatures({ threads: 2 }) },
  { provide: XML_CIPHER, useFactory: () => createXmlCipher({ threads: 1 }) },
  { provide: MAIL_SEALING, useFactory: () => createMailSealing({ threads: 1 }) },
];
