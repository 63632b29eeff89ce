import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PseudonymKey } from './pseudonym-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-pseudonyms-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the key of pseudonyms', () => {
  it('is made once, for its owner alone, and is the same for whoever comes after', () => {
    const path = join(folder, 'keys', 'workers');
    const first = new PseudonymKey(path).of('somebody');
    const text = readFileSync(path, 'utf8');
    expect(new PseudonymKey(path).of('somebody')).toBe(first);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  it('makes of another text, or with another key, another pseudonym', () => {
    const one = new PseudonymKey(join(folder, 'one'));
    const other = new PseudonymKey(join(folder, 'other'));
    expect(one.of('a')).not.toBe(one.of('b'));
    expect(one.of('a')).not.toBe(other.of('a'));
  });

  it('refuses a file that was cut', () => {
    const path = join(folder, 'cut');
    writeFileSync(path, 'AAAA\n');
    expect(() => new PseudonymKey(path)).toThrow('configuration.invalid');
  });
});
