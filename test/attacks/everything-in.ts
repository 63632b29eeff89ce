/** What an output holds that is not written in it plainly: a hunt for words sees nothing of what is packed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { run } from '../peers/programs.ts';

interface Form {
  /** first bytes, hexadecimal */
  magic: string;
  open(bytes: Buffer): Buffer[];
}

const FORMS: readonly Form[] = [
  { magic: '255044462d', open: openPdf },
  { magic: '504b0304', open: openZip },
  { magic: '1f8b08', open: (bytes) => [gunzipSync(bytes)] },
];

const DEEPEST = 6;

/**
 * The bytes themselves, then whatever PDF (text, streams, attachments), zip and gzip in them hold, one inside another
 * too, and when they are carried in base64 or hexadecimal.
 * @throws RangeError when there are more than six of them one inside another; Error when one cannot be opened: what
 * nobody can open is not found clean
 */
export function everythingIn(bytes: Uint8Array, depth = 0): Buffer[] {
  if (depth > DEEPEST) throw new RangeError('packed too deep to be looked through');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inner = [whole, ...carriedIn(whole)].flatMap((one) => formOf(one)?.open(one) ?? []);
  return [whole, ...inner.flatMap((one) => everythingIn(one, depth + 1))];
}

function formOf(bytes: Buffer): Form | undefined {
  return FORMS.find(({ magic }) => bytes.subarray(0, magic.length / 2).toString('hex') === magic);
}

/** Runs of base64 (either alphabet, folded lines) or hexadecimal that start as one of the forms does, too long for chance. */
function carriedIn(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  const runs = (pattern: RegExp) => [...text.matchAll(pattern)].map(([run]) => run);
  return FORMS.flatMap(({ magic }) => {
    const first = Buffer.from(magic, 'hex');
    const start = first.toString('base64').slice(0, Math.floor((first.length * 8) / 6));
    const base64 = new RegExp(`(?<![A-Za-z0-9+/_-])${start}(?:[A-Za-z0-9+/_-]|\\\\[rn]|[\r\n]){20,}`, 'g');
    const hex = new RegExp(`(?<![0-9a-f])${magic}[0-9a-f]{20,}`, 'gi');
    return [
      ...runs(base64).map((run) => Buffer.from(run.replaceAll(/\\[rn]/g, ''), 'base64')),
      ...runs(hex).map((run) => Buffer.from(run, 'hex')),
    ];
  });
}

/** As a reader sees it, as the file holds it, and what is attached. */
function openPdf(bytes: Buffer): Buffer[] {
  return inFolder((folder) => {
    const file = join(folder, 'one.pdf');
    writeFileSync(file, bytes);
    const text = run('pdftotext', ['-raw', file, '-']);
    const streams = run('qpdf', ['--warning-exit-0', '--qdf', '--object-streams=disable', file, '-']);
    const into = mkdtempSync(join(folder, 'attached-'));
    run('pdfdetach', ['-saveall', '-o', into, file]);
    // as it is unpacked, a PDF still begins like one: a word before it says that it was opened
    return [text, Buffer.concat([Buffer.from('unpacked '), streams]), ...filesIn(into)];
  });
}

function openZip(bytes: Buffer): Buffer[] {
  return inFolder((folder) => {
    const file = join(folder, 'one.zip');
    writeFileSync(file, bytes);
    const into = mkdtempSync(join(folder, 'members-'));
    // with a password to be wrong: it never asks for one
    run('unzip', ['-qq', '-P', '', '-d', into, file]);
    return filesIn(into);
  });
}

function filesIn(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'relais-opened-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
