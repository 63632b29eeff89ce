import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { writeMtom } from './mtom.ts';
import { readSoapMessage } from './multipart.ts';
import { children, readXml } from './read-xml.ts';
import { writeXml } from './write-xml.ts';

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'read',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );

describe('an MTOM message', () => {
  it('comes back as it was written, each byte of its parts included', async () => {
    const bytes = [randomBytes(70_000), Buffer.from('\r\n--x\r\n\n\r--\r\n'), Buffer.from('é\n')];
    const parts = bytes.map((one, n) => ({ contentId: `p${n}@relais`, bytes: one }));
    const { contentType, body } = await writeMtom('<a>é</a>', 'urn:do', parts);
    expect(contentType).toMatch(/^multipart\/related;.*boundary=/);
    expect(contentType).not.toContain('\n');
    const read = await readSoapMessage(contentType, body);
    expect(Buffer.from(read.envelope).toString()).toBe('<a>é</a>');
    expect([...read.parts]).toEqual(parts.map(({ contentId, bytes: one }) => [contentId, one]));
  });

  it('of too many parts, cut short, is refused by the caller and by nobody else', async () => {
    const escaped: unknown[] = [];
    const told = (error: unknown) => escaped.push(error);
    process.on('uncaughtException', told);
    const body = Buffer.from('--b\r\nContent-Id: <p>\r\n\r\nx\r\n'.repeat(40));
    expect(await codeOf(readSoapMessage('multipart/related; boundary=b', body))).toBe('transport.bad-answer');
    // Dicer tells its parts two ticks later
    await new Promise((done) => setImmediate(done));
    process.off('uncaughtException', told);
    expect(escaped).toEqual([]);
  });

  it.each([
    ['another media type', 'text/html', 'x'],
    ['no media type', '', 'x'],
    ['no boundary', 'multipart/related', 'x'],
    ['no end', 'multipart/related; boundary=b', '--b\r\nContent-Type: text/xml\r\n\r\n<a/>'],
    ['no part', 'multipart/related; boundary=b', 'nothing'],
    [
      'a root of another type',
      'multipart/related; boundary=b',
      '--b\r\nContent-Type: text/html\r\n\r\n<a/>\r\n--b--',
    ],
    [
      'a root that is not there',
      'multipart/related; boundary=b; start="<r>"',
      '--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b--',
    ],
    [
      'an encoding of its own',
      'multipart/related; boundary=b',
      '--b\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\nPGEvPg==\r\n--b--',
    ],
    [
      'too many parts',
      'multipart/related; boundary=b',
      `${'--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n'.repeat(40)}--b--`,
    ],
    [
      'two parts of one name',
      'multipart/related; boundary=b',
      `--b\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n${'--b\r\nContent-ID: <x>\r\n\r\n1\r\n'.repeat(2)}--b--`,
    ],
  ])('is refused with %s', async (_, contentType, body) => {
    expect(await codeOf(readSoapMessage(contentType, Buffer.from(body)))).toBe('transport.bad-answer');
  });
});

describe('XML of the other side', () => {
  it('is refused before it is parsed when it has a DOCTYPE or an entity', async () => {
    for (const text of ['<!DOCTYPE a><a/>', '<!doctype a [<!ENTITY b "c">]><a>&b;</a>'])
      expect(await codeOf((async () => readXml(Buffer.from(text), () => 1))())).toBe('xml.doctype');
  });

  it('is refused when it is no UTF-8 XML', async () => {
    for (const bytes of [
      Buffer.from('<a>'),
      Buffer.of(0xff, 0xfe, 0x3c),
      Buffer.from('<a>\0</a>'),
      Buffer.of(),
    ])
      expect(await codeOf((async () => readXml(bytes, () => 1))())).toBe('transport.bad-answer');
  });
});

describe('XML that we write', () => {
  it('never takes a value for markup', () => {
    const xml = writeXml(['a:x', [['a:y', '<z/>&', { 'b:v': '"<>&' }]]], { a: 'urn:a', b: 'urn:b' });
    expect(xml).toBe(
      '<a:x xmlns:a="urn:a" xmlns:b="urn:b"><a:y b:v="&quot;&lt;&gt;&amp;">&lt;z/&gt;&amp;</a:y></a:x>',
    );
  });
});

it('an element behind a processing instruction is not passed over: the message is refused', async () => {
  const read = (xml: string) => readXml(Buffer.from(xml), (root) => children(root, 'urn:b', 'b').length);
  expect(read('<a><!-- x --><b xmlns="urn:b"/></a>')).toBe(1);
  expect(await codeOf(Promise.resolve('<a><?x y?><b xmlns="urn:b"/></a>').then(read))).toBe(
    'transport.bad-answer',
  );
});
