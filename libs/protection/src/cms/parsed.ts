import { type AsnType, fromBER } from 'asn1js';
import { CmsRefusal } from './cms-refusal.ts';

/** One ASN.1 value and nothing after it. */
export function parsed(der: Uint8Array): AsnType {
  const { offset, result } = fromBER(Uint8Array.from(der));
  if (offset !== der.byteLength) throw new CmsRefusal();
  return result;
}
