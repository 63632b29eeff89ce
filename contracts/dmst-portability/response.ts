import { type Content, canonicalJson, type HookContext, type Part, removeMembers, visiblePart } from '#core';
import type { Dmst } from '#core/dmst';
import { contract } from './contract.ts';
import { toDocument } from './document.ts';
import schema from './schemas/dmst.json' with { type: 'json' };

/**
 * Part A (items 1-2) for the service, the whole for its health professionals, third parties removed from both.
 * A vendor's own PDF cannot be told apart: it is wholly part H, bytes untouched.
 */
export function divideResponse(content: Content, context: HookContext): { parts: Part[]; removed: number } {
  if (content.json === undefined) {
    return {
      parts: [{ audience: 'enc-h', mediaType: content.mediaType, bytes: content.bytes }],
      removed: 0,
    };
  }
  const removes = contract.objects['response']?.transform.removes ?? [];
  const { json: whole, removed } = removeMembers(content.json as Dmst, removes);
  return {
    parts: [
      part('enc', 'A', visiblePart(schema, whole) as Dmst, context),
      part('enc-h', 'AH', whole, context),
    ],
    removed,
  };
}

/** The document is made from what its readers may see and from nothing else: it cannot tell more. */
function part(audience: Part['audience'], readers: 'A' | 'AH', dmst: Dmst, context: HookContext): Part {
  const document = toDocument(dmst, readers, context, Buffer.from(canonicalJson(dmst)));
  return { audience, mediaType: 'application/pdf', document };
}
