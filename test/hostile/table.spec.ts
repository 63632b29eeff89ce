/** The index of attacks in docs/security.md: every row has its code, and a test that bears the name given there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '#core';

const ROOT = join(import.meta.dirname, '../..');

/** What a broker of this kind must be shown to refuse. A row of the index begins with one of these. */
const ATTACKS = [
  'several SignedInfo',
  'comment inside DigestValue',
  'attacker’s certificate in KeyInfo',
  'several root elements',
  'signature wrapping, moved assertion, duplicate IDs',
  'parser differential',
  'value loaded from an unsigned document',
  'XXE, DOCTYPE, entity bomb',
  'comment or instruction splitting a value',
  'PKCS#1 v1.5 key transport, CBC without MAC',
  'JOSE: alg none',
  'JOSE: RS→HS confusion',
  'JOSE: embedded jwk, jku, x5u',
  'JOSE: zip bomb',
  'JOSE: unknown crit',
  'DES, 3DES, RC2, MD5, SHA-1',
  'TLS 1.1 and older',
  'public authority on MSSanté',
  'TEST anchor in production',
  'revoked, or revocation list stale',
  'assertion shown twice',
  'assertion for another audience',
  'assertion of an issuer without agreement',
  'assertion longer than agreed',
  'PSC token of another client',
  'PSC without acr',
  'certificate other than cnf',
  'zip slip',
  'zip bomb',
  'METADATA and CDA of two patients',
  'header injection',
  'IMAP literal bomb',
  'MIME bomb',
  'STARTTLS stripping',
  'STARTTLS injection',
  'SSRF through discovery',
  'JWKS swap',
  'PDF with JavaScript',
];

interface Row {
  attack: string;
  code: string;
  tests: { path: string; title: string }[];
}

const ROWS: Row[] = (
  readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
    .split('## Hostile input, row by row')[1]
    ?.split('\n## ')[0] ?? ''
)
  .split('\n')
  .filter((line) => /^\| .*`test\/|^\| .*`libs\//.test(line))
  .map((line) => {
    const [, attack = '', code = '', shown = ''] = line.split(/ ?\| ?/);
    const tests = [...shown.matchAll(/`([^`]+\.spec\.ts)`: ([^;]+)/g)].map(([, path = '', title = '']) => ({
      path,
      title: title.trim(),
    }));
    return { attack, code: /`([^`]+)`/.exec(code)?.[1] ?? '', tests };
  });

/** Titles as code writes them: quotes of whichever kind, apostrophes as they are. */
const said = (text: string): string => text.replaceAll('’', "'").replaceAll("\\'", "'");

describe('the index of attacks', () => {
  it('has a row for every attack of the list', () => {
    expect(ATTACKS.filter((name) => !ROWS.some(({ attack }) => attack.startsWith(name)))).toEqual([]);
  });

  it.each(ROWS)('$attack: $code, shown by a test of that name', ({ code, tests }) => {
    expect(Object.keys(ERROR_CODES)).toContain(code);
    expect(tests.length).toBeGreaterThan(0);
    for (const { path, title } of tests) {
      const file = join(ROOT, path);
      expect(existsSync(file), path).toBe(true);
      const text = said(readFileSync(file, 'utf8'));
      const quoted = ["'", '"', '`'].map((quote) => `${quote}${said(title)}${quote}`);
      expect(
        quoted.some((one) => text.includes(one)),
        `${path} has no test named ${title}`,
      ).toBe(true);
    }
    const together = tests.map(({ path }) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
    expect(together, `${code} is asserted in none of them`).toContain(code);
  });

  it('would see a test that is gone', () => {
    const text = readFileSync(join(ROOT, 'test/hostile/psc.spec.ts'), 'utf8');
    expect(text).not.toContain(`'a test that nobody ever wrote'`);
    expect(ROWS.length).toBeGreaterThanOrEqual(ATTACKS.length);
  });
});
