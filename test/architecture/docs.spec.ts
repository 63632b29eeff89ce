import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BrokerError, ERROR_CODES, type ErrorCode } from '#core';
import { filesUnder, ROOT } from './source.ts';

const pages = [
  { path: 'README.md', text: readFileSync(join(ROOT, 'README.md'), 'utf8') },
  ...filesUnder(['docs', 'contracts'], /\.md$/),
];

/** `docs/errors.md`; `npm test -- test/architecture -u` writes it again. */
function errorsPage(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const { status, title, next } = new BrokerError(code);
    return `| \`${code}\` | ${status} | ${title} | ${next} |`;
  });
  return [
    '# Error codes',
    '',
    'Generated from `libs/core/src/errors.ts` by `npm test -- test/architecture -u`.',
    '',
    'The list is closed and part of the public interface: a code is added, never renamed. `next` is what happens',
    'unless the place that fails knows better: **reject** (the sender must change something), **retry** (the other',
    'side or the network is ill), **hold** (a person must decide), **stop** (our fault, or the configuration’s).',
    '',
    '| code | HTTP | title shown to people | next |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** GitHub's anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

describe('the documentation', () => {
  it('lists the error codes as the code has them', async () => {
    await expect(errorsPage()).toMatchFileSnapshot(join(ROOT, 'docs/errors.md'));
  });

  it('links only to files, and headings, that exist', () => {
    const dead = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, link = '']) => {
        if (/^[a-z]+:/.test(link)) return [];
        const [file = '', heading] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        if (!existsSync(join(ROOT, target))) return [`${path}: ${link}`];
        if (heading === undefined) return [];
        const headings = [...readFileSync(join(ROOT, target), 'utf8').matchAll(/^#+ (.*)$/gm)];
        return headings.some(([, words = '']) => anchor(words) === heading) ? [] : [`${path}: ${link}`];
      }),
    );
    expect(dead).toEqual([]);
  });

  it('names only files and folders of the repository that exist', () => {
    const absent = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/`((?:apps|libs|contracts|test|docs|bin|\.ci)\/[\w./-]*)`/g)]
        .map(([, named = '']) => named)
        .filter((named) => !existsSync(join(ROOT, named)))
        .map((named) => `${path}: ${named}`),
    );
    expect([...new Set(absent)]).toEqual([]);
  });

  it('keeps each decision to one screen: context, decision, consequences', () => {
    const decisions = pages.filter(({ path }) => path.startsWith('docs/adr/'));
    decisions.forEach(({ path, text }, index) => {
      expect(path).toMatch(new RegExp(`^docs/adr/${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
      expect(
        [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
        path,
      ).toEqual(['Context', 'Decision', 'Consequences']);
      expect(text.split('\n').length, path).toBeLessThanOrEqual(50);
    });
    expect(decisions.length).toBeGreaterThanOrEqual(10);
  });

  it('gives each dependency its reason, and none that is gone', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const decision =
      pages.find(({ path }) => path.startsWith('docs/adr/0013-'))?.text.split('## Decision')[1] ?? '';
    const named = [...decision.matchAll(/`(@?[a-z0-9][\w./-]*)`/g)].map(([, name = '']) => name);
    const libraries = named.filter((name) => !/^(libs|apps)\//.test(name));
    expect([...new Set(libraries)].sort()).toEqual(
      Object.keys({ ...dependencies, ...devDependencies }).sort(),
    );
  });

  it('gives in the glossary only identifiers that the code has', () => {
    const code = filesUnder(['apps', 'libs', 'contracts'], /\.ts$/)
      .map(({ text }) => text)
      .join('\n');
    const glossary = pages.find(({ path }) => path === 'docs/glossary.md')?.text ?? '';
    const rows = glossary.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| word'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[4] ?? '').matchAll(/`([^`]+)`/g)].map(([, one = '']) => one),
    );
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(named.filter((identifier) => !code.includes(identifier))).toEqual([]);
  });
});
