import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** from the root of the repository */
  path: string;
  text: string;
}

/** Files under these folders that exist, tests included, what is generated or installed left out. */
export function filesUnder(folders: readonly string[], ending: RegExp): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => walk(join(ROOT, folder), ending))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function walk(folder: string, ending: RegExp): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'var'].includes(entry.name) ? [] : walk(path, ending);
    return ending.test(entry.name) ? [{ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }] : [];
  });
}

/** The text with its comments blanked, so that a rule on code is not broken, nor kept, by prose. */
export function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|[^:])\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '));
}

export const isSpec = (path: string): boolean => path.endsWith('.spec.ts') || path.startsWith('test/');
