import fc from 'fast-check';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { expect, it } from 'vitest';
import { writeXml } from './write-xml.ts';

const NAMESPACES = { a: 'urn:a', b: 'urn:b' };

it('writes elements under their prefixes, attributes, and empty elements', () => {
  const xml = writeXml(['a:root', [['b:one', 'x'], undefined, ['a:two', []]], { V: '1' }], NAMESPACES);
  expect(xml).toBe(
    '<?xml version="1.0" encoding="utf-8"?>\n<a:root xmlns:a="urn:a" xmlns:b="urn:b" V="1"><b:one>x</b:one><a:two/></a:root>\n',
  );
});

it('no value becomes markup: what is read back is one text, the one that was written', () => {
  const legal = fc.string({ unit: 'grapheme' }).map((value) => `]]><x>&${value}"'<!--`);
  fc.assert(
    fc.property(legal, legal, (value, attribute) => {
      const document = XmlDocument.fromString(
        writeXml(['a:root', [['b:one', value]], { V: attribute }], NAMESPACES),
      );
      try {
        const { root } = document;
        expect(root.attr('V')?.value).toBe(attribute);
        const one = root.firstChild as XmlElement;
        expect([one.name, one.next, one.content]).toEqual(['one', null, value]);
        expect(one.firstChild).not.toBeInstanceOf(XmlElement);
      } finally {
        document.dispose();
      }
    }),
  );
});
