import { type Content, type Divided, type HookContext, removeMembers } from '#core';
import { toCda } from './cda.ts';
import { contract } from './contract.ts';
import type { DmpDocument } from './dmp-document.ts';
import { toDocument } from './document.ts';

/** One CDA around one PDF/A-1b, made from what is left once the employer's affairs are taken away. */
export function divideDocument({ json }: Content, context: HookContext): Divided {
  const removes = contract.objects['document']?.transform.removes ?? [];
  const { json: kept, removed } = removeMembers(json as DmpDocument, removes);
  const header = toCda(kept, context);
  return {
    parts: [
      {
        audience: 'enc',
        mediaType: 'application/xml',
        document: toDocument(kept, context),
        profile: 'pdfa-1b',
        wrap: (pdf) => context.tools.cda(header, pdf),
      },
    ],
    removed,
  };
}
