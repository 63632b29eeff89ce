import {
  type Content,
  canonicalJson,
  type HookContext,
  mailedPart,
  type Part,
  removeMembers,
  visiblePart,
} from '#core';
import { CDA_CODES } from '#core/cda-codes';
import type { Dmst } from '#core/dmst';
import { contract } from './contract.ts';
import { toDocument } from './document.ts';
import schema from './schemas/dmst.json' with { type: 'json' };

/**
 * Part A (items 1-2) for the service, the whole for its health professionals, third parties removed from both.
 * A vendor's own PDF cannot be told apart: it is wholly part H, bytes untouched. A CDA promises PDF/A-1, which nobody
 * knows of a vendor's PDF: by mail too it goes as it is.
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
      asMail(whole, context),
    ],
    removed,
  };
}

/** The document is made from what its readers may see and from nothing else: it cannot tell more. */
function part(audience: Part['audience'], readers: 'A' | 'AH', dmst: Dmst, context: HookContext): Part {
  const document = toDocument(dmst, readers, context, Buffer.from(canonicalJson(dmst)));
  return { audience, mediaType: 'application/pdf', document };
}

/** The whole dossier as one CDA, for a mailbox that health professionals alone read. */
function asMail(dmst: Dmst, context: HookContext): Part {
  const { attachment: _, ...document } = toDocument(dmst, 'AH', context, new Uint8Array());
  const { birthName, firstNames, usedName, sex, birthDate, birthPlace, localId } = dmst.identity;
  const service = dmst.services.find(({ isCurrent }) => isCurrent) ?? dmst.services[0];
  const { name = context.sender.name, siret = context.sender.siret } = service?.spst ?? {};
  const rpps = service?.mt?.RPPS;
  return mailedPart(
    {
      audience: 'enc-h',
      document,
      type: CDA_CODES.types.summary,
      person: {
        ...{ birthName, firstNames, sex, birthDate },
        ...(usedName === undefined ? {} : { usedName }),
        ...(birthPlace === undefined ? {} : { birthPlace }),
      },
      ins: document.identity.ins,
      ...(localId === undefined ? {} : { localId }),
      author: {
        name: service?.mt?.name ?? '',
        ...(rpps === undefined ? {} : { rpps }),
        profession: CDA_CODES.professions.occupationalPhysician,
      },
      organization: { name, ...(siret === undefined ? {} : { siret }) },
      act: dmst.closure?.lastVisitAt ?? context.lastVisit ?? context.receivedAt.slice(0, 10),
    },
    context,
  );
}
