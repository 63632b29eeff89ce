/** Identifiers as XDS wants them: OIDs, where CDA takes UUIDs too. */
import { v5 } from 'uuid';
import type { CdaId } from '#core/cda-document';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** name space of the entry ids made here, so that an id of a document always gives the same one */
const ENTRIES = '6ba7b812-9dad-11d1-80b4-00c04fd430c8';

/** An OID stays itself; a UUID becomes 2.25.<its number> (ITU-T X.667). */
export function oidOf(root: string): string {
  const bare = root.replace(/^urn:(uuid|oid):/i, '');
  return UUID.test(bare) ? `2.25.${BigInt(`0x${bare.replaceAll('-', '')}`)}` : bare;
}

/** uniqueId of a document: its CDA id, `root^extension`. */
export function uniqueIdOf({ root, extension }: CdaId): string {
  return extension === undefined ? oidOf(root) : `${oidOf(root)}^${extension}`;
}

/** Another's way of writing the same: a UUID bare or as urn, an OID as urn. */
export function sameUniqueId(one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => {
    const [root = '', ...extension] = id.split('^');
    return [oidOf(root), ...extension].join('^');
  });
  return a === b;
}

/** entryUUID made from what it names: an archive that replaces another can point at its entries. */
export function entryIdOf(named: string): string {
  return `urn:uuid:${v5(named, ENTRIES)}`;
}
