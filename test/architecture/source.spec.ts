import { describe, expect, it } from 'vitest';
import { codeOf, filesUnder, isSpec, type SourceFile } from './source.ts';

const sources = filesUnder(['apps', 'libs', 'contracts', 'test'], /\.(ts|tsx|mts|cts)$/);
const product = sources.filter(({ path }) => !path.startsWith('test/'));

function breaking(files: readonly SourceFile[], rule: RegExp): string[] {
  return files.filter(({ text }) => rule.test(codeOf(text))).map(({ path }) => path);
}

const PROCESS_ENV =
  /\bprocess\s*(\?\.|\.|\[\s*['"`])\s*env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b|from\s+'(node:)?process'/;
const PLAIN_ERROR = /\bnew\s+Error\s*\(|\bthrow\s+Error\s*\(/;
const DEFAULT_EXPORT = /\bexport\s+default\b|\bas\s+default\b/;

describe('the source', () => {
  it('is where the rules look for it', () => {
    expect(product.map(({ path }) => path)).toContain('libs/core/src/errors.ts');
    expect(product.map(({ path }) => path)).toContain('apps/broker/src/config/environment.ts');
  });

  it('reads the process environment in the configuration only', () => {
    const outside = sources.filter(
      ({ path }) => !isSpec(path) && !path.startsWith('apps/broker/src/config/'),
    );
    expect(breaking(outside, PROCESS_ENV)).toEqual([]);
    for (const text of [
      'process.env.X',
      `process['env']`,
      'const { env } = process',
      `import { env } from 'node:process'`,
    ])
      expect(text).toMatch(PROCESS_ENV);
  });

  it('throws no plain Error in core', () => {
    const core = product.filter(({ path }) => path.startsWith('libs/core/') && !isSpec(path));
    expect(breaking(core, PLAIN_ERROR)).toEqual([]);
    expect(`throw new Error('x')`).toMatch(PLAIN_ERROR);
    expect(`throw new TypeError('x')`).not.toMatch(PLAIN_ERROR);
  });

  it('has no default export', () => {
    // what Vite asks of its configuration
    expect(breaking(sources, DEFAULT_EXPORT)).toEqual(['apps/portal/vite.config.ts']);
  });

  it('has no file over 400 lines', () => {
    const GENERATED = 'apps/portal/src/api/schemas.ts';
    const written = product.filter(({ path }) => path !== GENERATED);
    const long = written.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });
});
