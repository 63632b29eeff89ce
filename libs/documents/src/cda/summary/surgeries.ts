import type { XmlTree } from '../../xml/write-xml.ts';
import { hl7Time } from '../elements.ts';
import {
  code,
  inFrench,
  LOINC,
  originalText,
  ownId,
  type Scope,
  said,
  section,
  table,
  templates,
} from './scope.ts';

/** Operations that the dossier names, in words: it holds no code of acts. */
export function surgerySection(scope: Scope): XmlTree | undefined {
  const acts = (scope.dmst.history ?? []).flatMap((one, at) =>
    one.kind === 'CHIR' ? [{ ...one, path: `surgery-${at}` }] : [],
  );
  if (acts.length === 0) return undefined;
  return section(scope, {
    path: 'surgeries',
    templates: [
      '2.16.840.1.113883.10.20.1.12',
      '1.3.6.1.4.1.19376.1.5.3.1.3.11',
      '1.3.6.1.4.1.19376.1.5.3.1.3.12',
      '1.2.250.1.213.1.1.2.136',
    ],
    code: code('47519-4', 'Historique des actes', LOINC),
    title: 'Antécédents chirurgicaux',
    text: [
      'text',
      [
        table(
          ['Date', 'Acte'],
          acts.map(({ path, label, onset }) => [inFrench(onset), [path, label]]),
        ),
      ],
    ],
    entries: acts.map(
      ({ path, onset }): XmlTree => [
        'entry',
        [
          [
            'procedure',
            [
              ...templates(
                '1.3.6.1.4.1.19376.1.5.3.1.4.19',
                '2.16.840.1.113883.10.20.1.29',
                '1.2.250.1.213.1.1.3.62',
              ),
              ownId(scope, path),
              ['code', [originalText(path)], { nullFlavor: 'UNK' }],
              said(path),
              ['statusCode', [], { code: 'completed' }],
              ['effectiveTime', [], onset === undefined ? { nullFlavor: 'UNK' } : { value: hl7Time(onset) }],
            ],
            { classCode: 'PROC', moodCode: 'EVN' },
          ],
        ],
      ],
    ),
  });
}
