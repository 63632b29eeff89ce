/** docs/compliance.md and docs/operations.md stay true to the repository: every flow, every path, every link. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { SETTINGS } from '../../apps/broker/src/config/setting.ts';
import '../../apps/broker/src/config/settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const DOCS = join(ROOT, 'docs');
const read = (name: string) => readFileSync(join(DOCS, name), 'utf8');
const pages = ['compliance.md', 'operations.md'].map((name) => [name, read(name)] as const);

const anchorsOf = (text: string) =>
  [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('docs/compliance.md', () => {
  const text = read('compliance.md');
  const table = text.slice(text.indexOf('### Per flow'), text.indexOf('## Hosting'));
  const lines = table.split('\n').filter((line) => line.startsWith('| `'));

  it('says who answers for each flow, once', () => {
    const named = lines.map((line) => /^\| `([a-z-]+)`/.exec(line)?.[1]);
    expect(named.toSorted()).toEqual(flows.map(({ contract }) => contract.flow).toSorted());
    for (const line of lines) expect(line.split('|')).toHaveLength(7);
  });

  it('marks each legal basis as read, as our reading, or as unsure', () => {
    const unmarked = lines.filter((line) => !/\*\*\[(text|reading|to confirm)\]\*\*/.test(line));
    expect(unmarked).toEqual([]);
  });
});

describe.each(pages)('docs/%s', (_, text) => {
  it('names files and folders that are there', () => {
    const paths = [...text.matchAll(/`((?:apps|libs|contracts|test|docs|ops)\/[\w./-]+)`/g)].flatMap(
      ([, path = '']) => path,
    );
    const missing = paths.filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('links to pages and headings that are there', () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https?:/.test(link));
    expect(links.length).toBeGreaterThan(5);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = join(DOCS, path);
      if (path !== '' && !existsSync(file)) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(path === '' ? text : readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names settings that there are', () => {
    const known = SETTINGS.map(({ name }) => name);
    const named = [...text.matchAll(/\b(?:RELAIS|OTEL)_[A-Z_]+\b/g)].map(([name]) => name);
    expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
