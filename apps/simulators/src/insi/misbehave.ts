/** Everything that a teleservice can do wrong, on demand. */
export interface Behaviour {
  /** waits before it answers */
  delayMs?: number;
  /** `503`: an HTML page of a gateway; `reset`: connection closed; `cut`: closed in the middle of the answer; `stalled`: headers, then nothing */
  down?: '503' | 'reset' | 'cut' | 'stalled';
  wrong?: Wrong;
  /** a SOAP fault of this subcode and code */
  fault?: { subcode: string; code: string };
  /** this HTTP status with an empty body */
  status?: number;
  /** how many calls it lasts; default: until told otherwise */
  times?: number;
}

export type Wrong = keyof typeof WRONG;

const XML_DECLARATION = /^<\?xml[^>]*\?>\s*/;

/** Each turns a good answer (00) into one that must not be believed. */
export const WRONG = {
  garbage: () => '\u0001\u0002 not XML',
  html: () => '<html><body>OK</body></html>',
  empty: () => '',
  truncated: (good) => good.slice(0, Math.floor(good.length * 0.7)),
  huge: (good) => good.replace('</', `<!--${'x'.repeat(2_000_000)}--></`),
  doctype: (good) => `<!DOCTYPE a>${bare(good)}`,
  'external-entity': (good) =>
    `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>${bare(good).replace(/(<[^>]*NomNaissance>)[^<]*/, '$1&e;')}`,
  'entity-bomb': (good) =>
    `<!DOCTYPE a [${BOMB}]>${bare(good).replace(/(<[^>]*NomNaissance>)[^<]*/, '$1&e9;')}`,
  'utf-16-doctype': (good) => Buffer.from(`\ufeff<!DOCTYPE a [<!ENTITY e "x">]>${bare(good)}`, 'utf16le'),
  'unknown-cr': (good) => good.replace(/(CodeCR>)00/, '$199'),
  'no-person': (good) => good.replace(/<(\w+:)?INDIVIDU>.*<\/(\w+:)?INDIVIDU>/s, ''),
  'no-key-nor-number': (good) => good.replace(/<(\w+:)?IdIndividu>.*?<\/(\w+:)?IdIndividu>/s, ''),
  'two-results': (good) => good.replace(/<(\w+:)?RESULTAT.*<\/(\w+:)?RESULTAT>/s, '$&$&'),
  'two-persons': (good) => good.replace(/<(\w+:)?INSACTIF>.*?<\/(\w+:)?INSACTIF>/s, '$&$&'),
  'comment-in-value': (good) => good.replace(/(<[^>]*NumIdentifiant>\d{6})/, '$1<!-- -->'),
  'other-namespace': (good) => good.replaceAll('http://www.cnamts.fr/INSiResultat', 'urn:other'),
  'soap-1.1': (good) =>
    good.replaceAll('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/'),
  'unknown-oid': (good) => good.replace(/(OID>)1\.2\.250\.1\.213\.1\.4\.\d+/, '$11.2.250.1.213.1.4.99'),
  'test-oid': (good) => good.replace(/(OID>)1\.2\.250\.1\.213\.1\.4\.\d+/, '$11.2.250.1.213.1.4.10'),
  'bad-number': (good) => good.replace(/(NumIdentifiant>)\d{3}/, '$1ABC'),
  'bad-sex': (good) => good.replace(/(Sexe>)[MF]/, '$1X'),
} as const satisfies Record<string, (good: string) => string | Buffer>;

const BOMB = Array.from({ length: 9 }, (_, level) => {
  const inside = level === 0 ? 'x'.repeat(10) : `&e${level};`.repeat(10);
  return `<!ENTITY e${level + 1} "${inside}">`;
}).join('');

function bare(answer: string): string {
  return answer.replace(XML_DECLARATION, '');
}
