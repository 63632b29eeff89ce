/** What several channels use: signed XML. */
import type { Provider } from '@nestjs/common';
import { createXmlSignatures } from '#protection';
import { XML_SIGNATURES } from '../../tokens.ts';

export const tools: Provider[] = [
  { provide: XML_SIGNATURES, useFactory: () => createXmlSignatures({ threads: 2 }) },
];
