/** Small pieces that the reader of a CDA header is made of. */
import type { XmlElement } from 'libxml2-wasm';
import type { CdaCode, CdaId } from '#core/cda-document';
import { attributeOf, childrenOf, firstAt, textIn } from '../xml/read-xml.ts';

/** Identifiers with a root; a nullFlavor has none. */
export function idsOf(parent: XmlElement | undefined): CdaId[] {
  if (parent === undefined) return [];
  return childrenOf(parent, 'id').flatMap((element) => {
    const one = idOf(element);
    return one === undefined ? [] : [one];
  });
}

export function idOf(element: XmlElement | undefined): CdaId | undefined {
  const root = attributeOf(element, 'root');
  if (root === undefined) return undefined;
  const extension = attributeOf(element, 'extension');
  return { root, ...(extension === undefined ? {} : { extension }) };
}

/** A code with its system; undefined for a nullFlavor. The display name may be missing in what others write. */
export function codeOf(element: XmlElement | undefined): CdaCode | undefined {
  const [code, codeSystem] = [attributeOf(element, 'code'), attributeOf(element, 'codeSystem')];
  if (code === undefined || codeSystem === undefined) return undefined;
  return { code, codeSystem, displayName: attributeOf(element, 'displayName') ?? code };
}

/** Of a professional: no qualifier says which of several names counts, so the first. */
export function nameOf(person: XmlElement | undefined): { family?: string; given: string[] } {
  const name = person === undefined ? undefined : firstAt(person, 'name');
  if (name === undefined) return { given: [] };
  const family = textIn(firstAt(name, 'family'));
  return {
    ...(family === undefined ? {} : { family }),
    given: childrenOf(name, 'given').flatMap((one) => textIn(one) ?? []),
  };
}
