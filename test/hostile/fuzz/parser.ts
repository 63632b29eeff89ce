/** A parser of the product as the fuzz run sees it. */
export interface Parser {
  name: string;
  /** what it reads well: each is tried whole first, and must be read without an error */
  samples: readonly Uint8Array[];
  /** pieces that mean something in its language, put in anywhere */
  words: readonly string[];
  /** of mutations, times RELAIS_FUZZ (default 200) */
  runs?: number;
  /** a value, a BrokerError, or one of `errors`: anything else is a fault of the parser */
  read(bytes: Uint8Array): unknown;
  /** documented exceptions of what vendors install, which knows no BrokerError */
  errors?: readonly (abstract new (
    ...args: never
  ) => Error)[];
}

export interface PreparedParser {
  name: string;
  prepare(): Omit<Parser, 'name'> | Promise<Omit<Parser, 'name'>>;
}

export const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const NUMBERS = ['0', '-1', '1e999', '99999999999999999999', '-0', 'NaN'];
const TEXTS = [
  '\u0000',
  '\ud800',
  'é',
  '\u202e',
  ' '.repeat(1_000),
  'A'.repeat(20_000),
  '\r\n',
  '%00',
  '../',
];

export const XML_WORDS = [
  ...NUMBERS,
  ...TEXTS,
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x ',
  '?>',
  '<?x y?>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '&lt;',
  '&#0;',
  '&#xD;',
  '&b;',
  ' xmlns="urn:x"',
  ' xmlns:a=""',
  ' Id="a"',
  '<a>'.repeat(3_000),
  '<a '.repeat(300),
  ' a="b"'.repeat(3_000),
  'Algorithm="x"',
  '<b/>',
  '<b/>'.repeat(3_000),
  `${'<d>'.repeat(190)}${'</d>'.repeat(190)}`,
  `<e ${Array.from({ length: 800 }, (_, i) => `a${i}="${i}"`).join(' ')}/>`,
  `<e ${Array.from({ length: 300 }, (_, i) => `xmlns:n${i}="urn:${i}"`).join(' ')}/>`,
  '<f Id="a"/><f Id="a"/>',
];

export const JSON_WORDS = [
  ...NUMBERS,
  ...TEXTS,
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  'true',
  '"\\ud800"',
  '"__proto__":{}',
  '"constructor":1',
  '['.repeat(5_000),
  '{"a":'.repeat(5_000),
  '[],'.repeat(5_000),
];

export const MIME_WORDS = [
  ...TEXTS,
  '\r\n\r\n',
  '--',
  'Content-Type: multipart/mixed; boundary=a\r\n\r\n',
  'Content-Type: message/rfc822\r\n\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  '; boundary=""',
  '; filename*0*=x',
  '=?utf-8?B?////?=',
  '=?utf-8?Q?=41?='.repeat(500),
  '=\r\n',
  '--a\r\n\r\n'.repeat(500),
  'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(200),
  ' \r\n'.repeat(2_000),
  '<'.repeat(2_000),
  '"'.repeat(2_001),
  '('.repeat(2_000),
  ','.repeat(5_000),
];

export const BINARY_WORDS = [
  '\u0000',
  '\u0080\u0080',
  '0\u0084\u007f\u007f\u007f\u007f',
  'PK\u0001\u0002',
  'PK\u0005\u0006',
  '\u00a0\u0080'.repeat(500),
];
