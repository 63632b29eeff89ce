/**
 * ANS's schematrons and the CDA schema on any number of documents at once. The kit's own compiler turns a schematron
 * into XSLT (kept beside the kit's own cache, by the state of the kit); Saxon then starts once a profile, not once a
 * document.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARED } from './programs.ts';

export const TOOL = 'tools/cda-validate';
const SAXON = '/usr/share/java/Saxon-HE.jar';
/** where the kit keeps what it compiles: a minute's work that a new clone need not repeat */
const KEPT = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cda-validate-profiles');
const MINUTES = 10 * 60_000;

/** What a level-1 document is held against; the body of a structured one has rules of its own. */
export const N1_PROFILES = ['structuration-minimale'] as const;
export const N3_PROFILES = [...N1_PROFILES, 'vsm', 'ihe', 'modeles-contenus', 'modeles-ans'] as const;

export type CdaProfile = (typeof N3_PROFILES)[number];

export interface CdaVerdict {
  name: string;
  profile: CdaProfile | 'xsd';
  /** rules that fired; 0 says that the profile had nothing to judge */
  fired: number;
  /** what failed, in the judge's words */
  failed: string[];
}

/** @param documents name → bytes; names are file names without extension */
export function judge(
  documents: ReadonlyMap<string, Uint8Array>,
  profiles: readonly CdaProfile[],
): CdaVerdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'cda-judge-'));
  try {
    const input = join(folder, 'in');
    mkdirSync(input);
    for (const [name, bytes] of documents) writeFileSync(join(input, `${name}.xml`), bytes);
    return [...profiles.flatMap((profile) => byRules(folder, input, profile)), ...bySchema(input)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Verdicts with something in them: an empty list is what a test wants. */
export function complaints(verdicts: readonly CdaVerdict[]): string[] {
  return verdicts.flatMap(({ name, profile, failed, fired }) => [
    ...failed.map((words) => `${name}, ${profile}: ${words}`),
    ...(fired === 0 ? [`${name}, ${profile}: no rule fired`] : []),
  ]);
}

function byRules(folder: string, input: string, profile: CdaProfile): CdaVerdict[] {
  const output = join(folder, profile);
  mkdirSync(output);
  java('net.sf.saxon.Transform', [`-s:${input}`, `-xsl:${compiled(profile, input)}`, `-o:${output}`]);
  return readdirSync(input).map((file) => {
    const report = readFileSync(join(output, file), 'utf8');
    const failed = [...report.matchAll(/<f [^>]*?location="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/f>)/g)];
    return {
      name: file.replace(/\.xml$/, ''),
      profile,
      fired: Number(/fired="(\d+)"/.exec(report)?.[1] ?? 0),
      failed: failed.map(([, place = '', words = '']) =>
        `${words.replace(/\s+/g, ' ').trim()} at ${place.replace(/Q\{[^}]*\}/g, '')}`.slice(0, 600),
      ),
    };
  });
}

/** The kit compiles at its first use and leaves the result in its cache: one cache a profile, so that it is found. */
function compiled(profile: CdaProfile, input: string): string {
  const tool = join(SHARED, TOOL);
  const state = createHash('sha256').update(readFileSync(tool)).update(SHARED).update(newest()).digest('hex');
  const cache = join(KEPT, `${profile}-${state.slice(0, 12)}`);
  const place = join(cache, 'cda-validate');
  const find = () =>
    existsSync(place) ? readdirSync(place).filter((name) => /^[0-9a-f]+\.xsl$/.test(name)) : [];
  if (find().length === 0) {
    mkdirSync(cache, { recursive: true });
    const [first = ''] = readdirSync(input);
    const { status, stderr } = spawnSync(
      process.execPath,
      [tool, join(input, first), profile, '--engine', 'java'],
      { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cache }, timeout: MINUTES },
    );
    if (status === 2) throw new Error(`cda-validate could not run: ${stderr}`);
  }
  const [found, ...others] = find();
  if (found === undefined || others.length > 0) throw new Error('the kit did not leave one compiled profile');
  return join(place, found);
}

/** Changes with the rules: a stale compilation would judge by yesterday's. */
function newest(): string {
  const root = join(SHARED, 'ans-cda/schematrons');
  const times = readdirSync(root, { recursive: true, encoding: 'utf8' }).map(
    (name) => statSync(join(root, name)).mtimeMs,
  );
  return `${times.length} ${Math.max(...times)}`;
}

function bySchema(input: string): CdaVerdict[] {
  const files = readdirSync(input);
  const schema = join(SHARED, 'ans-cda/infrastructure/cda/CDA_extended.xsd');
  const { stderr, error } = spawnSync(
    'xmllint',
    ['--noout', '--nonet', '--huge', '--schema', schema, ...files.map((file) => join(input, file))],
    { encoding: 'utf8', maxBuffer: 64 << 20, timeout: MINUTES },
  );
  if (error !== undefined) throw error;
  return files.map((file) => {
    const lines = stderr.split('\n').filter((line) => line.startsWith(join(input, file)));
    const valid = lines.some((line) => line.endsWith(' validates'));
    return {
      name: file.replace(/\.xml$/, ''),
      profile: 'xsd' as const,
      fired: 1,
      failed: valid ? [] : lines.map((line) => line.slice(input.length + 1, 400)),
    };
  });
}

function java(main: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('java', ['-Xss8m', '-cp', SAXON, main, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    timeout: MINUTES,
  });
  if (status !== 0) throw new Error(`Saxon: ${stderr.slice(0, 2000)}`);
}
