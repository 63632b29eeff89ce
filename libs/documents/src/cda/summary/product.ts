import type { XmlTree } from '../../xml/write-xml.ts';
import { originalText, templates } from './scope.ts';

const CIS = { codeSystem: '1.2.250.1.213.2.3.1', codeSystemName: 'CIS' } as const;
const ATC = { codeSystem: '2.16.840.1.113883.6.73', codeSystemName: 'ATC' } as const;

/**
 * A health product. CI-SIS wants a CIS code (eight digits); an ATC class is not one, and goes as its translation.
 */
export function product(mark: string, label: string, code: string | undefined, lot?: string): XmlTree {
  const isCis = /^\d{8}$/.test(code ?? '');
  const translation: XmlTree | undefined =
    code === undefined || isCis ? undefined : ['translation', [], { code, displayName: label, ...ATC }];
  return [
    'manufacturedProduct',
    [
      ...templates(
        '2.16.840.1.113883.10.20.1.53',
        '1.3.6.1.4.1.19376.1.5.3.1.4.7.2',
        '1.2.250.1.213.1.1.3.43',
      ),
      [
        'manufacturedMaterial',
        [
          [
            'code',
            [originalText(mark), translation],
            isCis ? { code, displayName: label, ...CIS } : { nullFlavor: 'UNK' },
          ],
          ['name', label],
          lot === undefined ? undefined : ['lotNumberText', lot],
        ],
      ],
    ],
  ];
}
