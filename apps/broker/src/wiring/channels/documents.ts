import type { Renderer } from '#core';
import { createClinicalDocuments } from '#documents';
import { CLINICAL_DOCUMENTS, RENDERER } from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

/** Clinical documents, which several channels carry. */
export const DOCUMENTS: ChannelWiring = {
  providers: [
    {
      provide: CLINICAL_DOCUMENTS,
      inject: [RENDERER],
      useFactory: (renderer: Renderer) =>
        createClinicalDocuments({ inspect: (pdf) => renderer.inspect(pdf) }),
    },
  ],
  transports: [],
  readers: [],
};
