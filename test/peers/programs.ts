/**
 * Programs that we did not write, as judges. A suite names what it needs; without it the suite is listed as
 * not run, or fails when RELAIS_REQUIRE_SERVICES=1 (test/run.ts installs the packages first).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** program → [Debian package, how to see that it is there] */
export const PROGRAMS = {
  openssl: ['openssl', ['openssl', 'version']],
  curl: ['curl', ['curl', '--version']],
  xmllint: ['libxml2-utils', ['xmllint', '--version']],
  qpdf: ['qpdf', ['qpdf', '--version']],
  pdftotext: ['poppler-utils', ['pdftotext', '-v']],
  unzip: ['unzip', ['unzip', '-v']],
  zip: ['zip', ['zip', '-v']],
  dmtxread: ['dmtx-utils', ['dmtxread', '--version']],
  jose: ['jose', ['jose', 'alg']],
  jwcrypto: ['python3-jwcrypto', ['/usr/bin/python3', '-c', 'import jwcrypto']],
  rabbitmq: ['rabbitmq-server', ['test', '-e', '/usr/lib/rabbitmq/bin/rabbitmq-server']],
  postgres: ['postgresql', ['sh', '-c', 'ls /usr/lib/postgresql/*/bin/initdb']],
  promtool: ['prometheus', ['promtool', '--version']],
  xmlsec1: ['xmlsec1', ['xmlsec1', '--version']],
  // Apache Santuario: XML-Enc with SHA-256 in OAEP, which Debian's xmlsec1 lacks
  santuario: [
    'libxml-security-java libcommons-logging-java default-jdk-headless',
    ['test', '-e', '/usr/share/java/xmlsec.jar'],
  ],
  dovecot: [
    'dovecot-imapd dovecot-submissiond dovecot-lmtpd',
    [
      'sh',
      '-c',
      'test -e /usr/lib/dovecot/imap && test -e /usr/lib/dovecot/submission && test -e /usr/lib/dovecot/lmtp',
    ],
  ],
  sshd: ['openssh-server', ['test', '-e', '/usr/sbin/sshd']],
  slapd: ['slapd ldap-utils', ['test', '-e', '/usr/sbin/slapd']],
  chromium: ['chromium fonts-dejavu-core', ['sh', '-c', 'test -n "$RELAIS_CHROMIUM" || command -v chromium']],
  python3: ['python3', ['/usr/bin/python3', '--version']],
  strace: ['strace', ['strace', '--version']],
  faketime: ['faketime', ['faketime', '--version']],
  // Saxon-HE runs ANS's schematron; the conformance kit takes a faster engine where it finds one
  saxon: ['libsaxonhe-java default-jre-headless', ['test', '-e', '/usr/share/java/Saxon-HE.jar']],
  preflight: [
    'libpdfbox2-java libfontbox2-java libcommons-logging-java libactivation-java libjaxb-api-java default-jdk-headless',
    ['test', '-e', '/usr/share/java/preflight.jar'],
  ],
} as const satisfies Record<string, readonly [string, readonly string[]]>;

export type Program = keyof typeof PROGRAMS;

export function isThere(program: Program): boolean {
  const [command, ...args] = PROGRAMS[program][1] as readonly [string, ...string[]];
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined && (status === 0 || program === 'dmtxread');
}

const required = process.env['RELAIS_REQUIRE_SERVICES'] === '1';

/** A suite judged by outside programs: `judgedBy(['xmllint'], 'the INSi client', () => { … })`. */
export function judgedBy(programs: readonly Program[], name: string, suite: () => void): void {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length === 0) describe(name, suite);
  else if (required)
    describe(name, () => it(`needs ${missing.join(', ')}`, () => expect(missing).toEqual([])));
  else describe.skip(`${name} [needs ${missing.join(', ')}]`, suite);
}

/** Folder of the official artefacts: RELAIS_SHARED, else ../shared when it exists. */
export const SHARED = resolve(process.env['RELAIS_SHARED'] ?? join(import.meta.dirname, '../../../shared'));

/** A suite on an official artefact: absent folder = counted as not available; present folder, missing file = failure. */
export function onShared(path: string, name: string, suite: (file: string) => void): void {
  const file = join(SHARED, path);
  if (existsSync(file)) describe(name, () => suite(file));
  else if (existsSync(SHARED))
    describe(name, () => it(`finds ${path}`, () => expect(existsSync(file)).toBe(true)));
  else describe.skip(`${name} [not available: ${path}]`, () => it('is not available', () => expect.fail()));
}

/** Runs a program to its end; its output when it exits 0, else an exception with its words. */
export function run(command: string, args: readonly string[], input?: Uint8Array | string): Buffer {
  return execFileSync(command, args, { input, stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 64 << 20 });
}
