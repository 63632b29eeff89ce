/** docs/compliance.md and docs/operations.md stay true to the product; test/architecture/docs.spec.ts looks at their links and paths. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flows } from '#contracts';
import { SETTINGS } from '../../apps/broker/src/config/setting.ts';
import '../../apps/broker/src/config/settings.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

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

  it('names, for each measure, where it is and a test that shows it', () => {
    const measures = text
      .slice(text.indexOf('## Measures'))
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (measure|-)/.test(line));
    expect(measures.length).toBeGreaterThan(10);
    for (const line of measures) {
      const [, , where, shown] = line.split('|');
      expect(where, line).toMatch(/`[\w./-]+`/);
      expect(shown, line).toMatch(/`[\w./-]+\.ts`/);
    }
  });
});

it.each(['compliance.md', 'operations.md'])('docs/%s names settings that there are', (name) => {
  const known = SETTINGS.map((setting) => setting.name);
  const named = [...read(name).matchAll(/\b(?:RELAIS|OTEL)_[A-Z_]+\b/g)].map(([setting]) => setting);
  expect(named.length).toBeGreaterThan(3);
  expect([...new Set(named)].filter((setting) => !known.includes(setting))).toEqual([]);
});
