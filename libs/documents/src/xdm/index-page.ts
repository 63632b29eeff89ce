import type { ReadCda, Submission } from '#core';
import { writeXml, type XmlTree } from '../xml/write-xml.ts';

const XHTML = 'http://www.w3.org/1999/xhtml';

/** INDEX.HTM: what the archive holds, for a person who opens it. No script, nothing fetched. */
export function indexPage(headers: readonly ReadCda[], documents: Submission['documents']): Uint8Array {
  const title = headers.length === 1 ? 'Document transmis' : `${headers.length} documents transmis`;
  return writeXml(
    [
      'html',
      [
        [
          'head',
          [
            ['meta', [], { 'http-equiv': 'Content-Type', content: 'text/html; charset=UTF-8' }],
            ['title', title],
          ],
        ],
        [
          'body',
          [['h1', title], table(headers, documents), ['p', [['a', 'README.TXT', { href: 'README.TXT' }]]]],
        ],
      ],
      { 'xml:lang': 'fr', lang: 'fr' },
    ],
    XHTML,
  );
}

function table(headers: readonly ReadCda[], documents: Submission['documents']): XmlTree {
  return [
    'table',
    [
      ['tr', ['Document', 'Type', 'Date', 'Auteur', 'Structure'].map((text): XmlTree => ['th', text])],
      ...headers.map((header, at): XmlTree => {
        const { author, organization, title, type, effectiveTime } = header;
        return [
          'tr',
          [
            ['td', [['a', title, { href: `IHE_XDM/SUBSET01/${documents[at]?.uri ?? ''}` }]]],
            ['td', type.displayName],
            ['td', dayInFrench(effectiveTime)],
            ['td', [...author.given, author.family].join(' ')],
            ['td', organization.name ?? ''],
          ],
        ];
      }),
    ],
  ];
}

function dayInFrench(ts: string): string {
  return ts.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$3/$2/$1');
}
