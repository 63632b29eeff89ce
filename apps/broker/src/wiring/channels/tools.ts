/** What several channels use: signed and encrypted XML. */
import type { Provider } from '@nestjs/common';
import { createXmlCipher, createXmlSignatures } from '#protection';
import { XML_CIPHER, XML_SIGNATURES } from '../../tokens.ts';

export const tools: Provider[] = [
  { provide: XML_SIGNATURES, useFactory: () => createXmlSignatures({ threads: 2 }) },
  { provide: XML_CIPHER, useFactory: () => createXmlCipher({ threads: 1 }) },
];
