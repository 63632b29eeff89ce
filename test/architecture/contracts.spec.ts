import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractFolder, type Flow } from '#core';
import { ROOT } from './source.ts';

const folder = join(ROOT, 'contracts');
const { flows } = (await import(join(folder, 'index.ts'))) as { flows: readonly Flow[] };

describe('contracts/', () => {
  it('has a folder for each flow of its index, and no other', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const listed = flows.map(({ contract }) => contractFolder(contract));
    const names = new Set(listed.map((one) => one.split('/')[0]));
    expect([...names].sort()).toEqual(folders.map(({ name }) => name).sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('explains each flow beside its contract, its schemas and its samples', () => {
    for (const { contract } of flows)
      for (const part of ['README.md', 'contract.ts', 'index.ts', 'samples/valid', 'samples/invalid'])
        expect(
          existsSync(join(folder, contractFolder(contract), part)),
          `${contractFolder(contract)}/${part}`,
        ).toBe(true);
  });
});
