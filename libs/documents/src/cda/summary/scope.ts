/** What every section of a structured summary is made with: ids, narrative tables, and references between the two. */
import { v5 } from 'uuid';
import type { Dmst } from '#core/dmst';
import type { XmlTree } from '../../xml/write-xml.ts';
import { hl7Root, hl7Time } from '../elements.ts';

export const LOINC = { codeSystem: '2.16.840.1.113883.6.1', codeSystemName: 'LOINC' } as const;
export const SNOMED = { codeSystem: '2.16.840.1.113883.6.96', codeSystemName: 'SNOMED CT' } as const;
export const CIM10 = { codeSystem: '2.16.840.1.113883.6.3', codeSystemName: 'CIM10' } as const;

export interface Scope {
  dmst: Dmst;
  /** id of the document: a section or an entry of the same document always gets the same id */
  id: string;
}

export function ownId({ id }: Scope, path: string): XmlTree {
  return ['id', [], { root: hl7Root(v5(path, id)) }];
}

export function templates(...roots: string[]): XmlTree[] {
  return roots.map((root) => ['templateId', [], { root }]);
}

export function code(
  value: string,
  displayName: string,
  system: { codeSystem: string; codeSystemName: string },
): XmlTree {
  return ['code', [], { code: value, displayName, ...system }];
}

/** `text` that points at a cell of the section's table */
export function said(mark: string): XmlTree {
  return ['text', [['reference', [], { value: `#${mark}` }]]];
}

export function originalText(mark: string): XmlTree {
  return ['originalText', [['reference', [], { value: `#${mark}` }]]];
}

export interface SectionParts {
  path: string;
  templates: readonly string[];
  code: XmlTree;
  title: string;
  text?: XmlTree;
  entries?: readonly XmlTree[];
  sections?: readonly (XmlTree | undefined)[];
}

/** A section in its component. */
export function section(scope: Scope, parts: SectionParts): XmlTree {
  const { entries = [], sections = [] } = parts;
  return [
    'component',
    [
      [
        'section',
        [
          ...templates(...parts.templates),
          ownId(scope, parts.path),
          parts.code,
          ['title', parts.title],
          parts.text,
          ...entries,
          ...sections,
        ],
      ],
    ],
  ];
}

/** A cell; `[mark, text]` is one that an entry points at. */
export type Cell = string | undefined | readonly [mark: string, text: string];

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): XmlTree {
  return [
    'table',
    [
      ['thead', [['tr', head.map((text): XmlTree => ['th', text])]]],
      ['tbody', rows.map((row): XmlTree => ['tr', row.map(cell)])],
    ],
  ];
}

function cell(content: Cell): XmlTree {
  if (content === undefined || content === '') return ['td', '-'];
  if (typeof content === 'string') return ['td', content];
  return ['td', [['content', content[1], { ID: content[0] }]]];
}

/** A day, month or year in the French order. */
export function inFrench(date: string | undefined): string | undefined {
  return date?.split('-').reverse().join('/');
}

/** From when, to when; `low` is always there, unknown when nobody said. */
export function interval(low?: string, high?: string, attributes: Record<string, string> = {}): XmlTree {
  return [
    'effectiveTime',
    [
      ['low', [], low === undefined ? { nullFlavor: 'UNK' } : { value: hl7Time(low) }],
      high === undefined ? undefined : ['high', [], { value: hl7Time(high) }],
    ],
    attributes,
  ];
}
