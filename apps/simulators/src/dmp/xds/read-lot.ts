/** ebRIM metadata of one submission set, read by the names that IHE gives. */
import type { XmlElement } from 'libxml2-wasm';
import { all, attribute, textAt } from './xml.ts';

export interface LotEntry {
  id: string;
  mimeType: string;
  slots: ReadonlyMap<string, readonly string[]>;
  /** scheme → [code, coding scheme] */
  codes: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  /** slots of the author */
  author: ReadonlyMap<string, readonly string[]>;
  externals: ReadonlyMap<string, string>;
  title: string;
  /** Content-ID of its bytes */
  contentId: string | undefined;
}

export type LotSet = Pick<LotEntry, 'id' | 'slots' | 'codes' | 'author' | 'externals'>;

export interface ReadLot {
  set: LotSet;
  entries: readonly LotEntry[];
  associations: readonly { type: string; source: string; target: string }[];
}

const REQUEST = 'soap:Body/xdsb:ProvideAndRegisterDocumentSetRequest';

/** @returns undefined when it is not one set with its documents */
export function readLot(envelope: XmlElement): ReadLot | undefined {
  const [request, ...more] = all(envelope, REQUEST);
  if (request === undefined || more.length > 0) return undefined;
  const [list] = all(request, 'lcm:SubmitObjectsRequest/rim:RegistryObjectList');
  const sets = list === undefined ? [] : all(list, 'rim:RegistryPackage');
  const [set] = sets;
  if (list === undefined || set === undefined || sets.length > 1) return undefined;
  return {
    set: read(set),
    entries: all(list, 'rim:ExtrinsicObject').map((object) => ({
      ...read(object),
      mimeType: attribute(object, 'mimeType') ?? '',
      title: attribute(all(object, 'rim:Name/rim:LocalizedString')[0], 'value') ?? '',
      contentId: contentIdOf(request, attribute(object, 'id') ?? ''),
    })),
    associations: all(list, 'rim:Association').map((one) => ({
      type: attribute(one, 'associationType') ?? '',
      source: attribute(one, 'sourceObject') ?? '',
      target: attribute(one, 'targetObject') ?? '',
    })),
  };
}

function read(object: XmlElement): LotSet {
  const codes = new Map<string, (readonly [string, string])[]>();
  let author = new Map<string, readonly string[]>();
  for (const one of all(object, 'rim:Classification')) {
    const scheme = attribute(one, 'classificationScheme') ?? attribute(one, 'classificationNode') ?? '';
    const code = [
      attribute(one, 'nodeRepresentation') ?? '',
      slotsOf(one).get('codingScheme')?.[0] ?? '',
    ] as const;
    codes.set(scheme, [...(codes.get(scheme) ?? []), code]);
    if (all(one, 'rim:Slot[starts-with(@name,"author")]').length > 0) author = slotsOf(one);
  }
  const externals = all(object, 'rim:ExternalIdentifier').map(
    (one) => [attribute(one, 'identificationScheme') ?? '', attribute(one, 'value') ?? ''] as const,
  );
  return {
    id: attribute(object, 'id') ?? '',
    slots: slotsOf(object),
    codes,
    author,
    externals: new Map(externals),
  };
}

function slotsOf(object: XmlElement): Map<string, readonly string[]> {
  return new Map(
    all(object, 'rim:Slot').map((slot) => [
      attribute(slot, 'name') ?? '',
      all(slot, 'rim:ValueList/rim:Value').map(({ content }) => content),
    ]),
  );
}

function contentIdOf(request: XmlElement, id: string): string | undefined {
  const [document, other] = all(request, 'xdsb:Document').filter((one) => attribute(one, 'id') === id);
  if (document === undefined || other !== undefined || textAt(document, '.')?.trim() !== '') return undefined;
  return attribute(all(document, 'xop:Include')[0], 'href')?.replace(/^cid:/, '');
}
