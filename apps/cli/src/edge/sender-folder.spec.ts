import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aDossierOf } from '../../../../test/builders/surveys.ts';
import { SenderFolder } from './sender-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-sender-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { identity } = aDossierOf();
const another = { ...identity, localId: { system: 'urn:test', value: 'B-2' } };

it('draws a key once, for its owner’s eyes, and finds it again', () => {
  const { keyId } = new SenderFolder(folder).keysOf('evrest');
  expect(new SenderFolder(folder).keysOf('evrest').keyId).toBe(keyId);
  expect(statSync(join(folder, 'evrest.keys')).mode & 0o777).toBe(0o600);
  expect(new SenderFolder(folder).keysOf('hdh-feed').keyId).not.toBe(keyId);
});

it('takes a new first line as the key in use and re-keys from the former', () => {
  const former = new SenderFolder(folder)
    .keysOf('evrest')
    .pseudonymise('evrest', { localId: identity.localId });
  const file = join(folder, 'evrest.keys');
  writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64url')}\n${readFileSync(file, 'utf8')}`);
  const { to, from } = new SenderFolder(folder)
    .keysOf('evrest')
    .rekeying('evrest', { localId: identity.localId });
  expect(to.keyId).not.toBe(former.keyId);
  expect(from).toEqual([former]);
});

it('refuses a key too short to be one', () => {
  writeFileSync(join(folder, 'evrest.keys'), 'abc\n');
  expect(() => new SenderFolder(folder).keysOf('evrest')).toThrow('configuration.invalid');
});

it('two processes of the sender give a worker one number', () => {
  const [command, service] = [new SenderFolder(folder), new SenderFolder(folder)];
  const drawn = command.sheetOf('sumer-2026', identity);
  expect(service.sheetOf('sumer-2026', identity)).toBe(drawn);
  const other = service.sheetOf('sumer-2026', another);
  expect(command.sheetOf('sumer-2026', another)).toBe(other);
  expect(other).not.toBe(drawn);
  expect(new SenderFolder(folder).sheetOf('sumer-2026', identity)).toBe(drawn);
});
