/** ITI-41: body of the request, and its documents beside it (XOP). */
import type { Submission } from '#core';
import type { MtomPart } from '../soap/mtom.ts';
import type { XmlTree } from '../soap/write-xml.ts';

export const ITI_41 = 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b';

/** Where the SubmitObjectsRequest goes. */
export const METADATA = 'xdsb:Metadata';

export function provideAndRegister({ xml, documents }: Submission): {
  body: XmlTree;
  splice: { at: string; xml: string };
  parts: MtomPart[];
} {
  const named = documents.map((document, n) => ({ ...document, contentId: `document-${n + 1}@relais` }));
  return {
    body: [
      'xdsb:ProvideAndRegisterDocumentSetRequest',
      [
        [METADATA, []],
        ...named.map(
          ({ entryId, contentId }): XmlTree => [
            'xdsb:Document',
            [['xop:Include', [], { href: `cid:${contentId}` }]],
            { id: entryId },
          ],
        ),
      ],
    ],
    splice: { at: METADATA, xml: xml.replace(/^<\?xml[^>]*\?>\s*/, '') },
    parts: named.map(({ contentId, bytes }) => ({ contentId, bytes })),
  };
}
