import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokerError } from '#core';
import { CHUNK_BYTES, EnvelopeVault } from './envelope-vault.ts';
import { Keyring, newKekText } from './keyring.ts';

const vault = new EnvelopeVault(Keyring.fromText(newKekText()));
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
  return 'opened';
};

describe('content at rest', () => {
  it('comes back whole, whatever its size, in chunks of at most 1 MiB', () => {
    for (const size of [0, 1, CHUNK_BYTES - 16, CHUNK_BYTES - 15, CHUNK_BYTES, 3 * CHUNK_BYTES + 7]) {
      const content = randomBytes(size);
      const stored = vault.seal(content, 'message-1');
      expect(Math.max(...stored.chunks.map(({ length }) => length))).toBeLessThanOrEqual(CHUNK_BYTES);
      expect(Buffer.compare(Buffer.from(vault.open(stored, 'message-1')), content)).toBe(0);
    }
  });

  it('refuses a chunk missing, extra, moved, or brought from another message', () => {
    const stored = vault.seal(randomBytes(2.5 * CHUNK_BYTES), 'message-1');
    const other = vault.seal(randomBytes(2.5 * CHUNK_BYTES), 'message-1');
    const [a, b, c] = stored.chunks as [Uint8Array, Uint8Array, Uint8Array];
    const [x] = other.chunks as [Uint8Array];
    for (const chunks of [[a, b], [b, c], [], [a, b, c, c], [a, c, b], [b, a, c], [x, b, c]])
      expect(codeOf(() => vault.open({ ...stored, chunks }, 'message-1'))).toBe('internal');
    expect(codeOf(() => vault.open(stored, 'message-2'))).toBe('internal');
    expect(codeOf(() => vault.open({ ...stored, atRest: other.atRest }, 'message-1'))).toBe('internal');
    expect(codeOf(() => vault.open(stored, 'message-1'))).toBe('opened');
  });

  it('refuses any byte changed, in content or key', () => {
    const stored = vault.seal(Buffer.from('fictif'), 'm');
    const key = stored.atRest.wrappedKey as Uint8Array;
    const [chunk] = stored.chunks as [Uint8Array];
    const changed = (bytes: Uint8Array, at: number, flip: number) =>
      bytes.map((byte, index) => (index === at % bytes.length ? byte ^ flip : byte));
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const otherKey = { ...stored.atRest, wrappedKey: changed(key, at, flip) };
        expect(codeOf(() => vault.open({ ...stored, atRest: otherKey }, 'm'))).toBe('internal');
        expect(codeOf(() => vault.open({ ...stored, chunks: [changed(chunk, at, flip)] }, 'm'))).toBe(
          'internal',
        );
      }),
    );
  });

  it('is gone for good once its key is destroyed', () => {
    const { chunks, atRest } = vault.seal(Buffer.from('fictif'), 'm');
    const destroyed = { chunks, atRest: { ...atRest, wrappedKey: null } };
    expect(codeOf(() => vault.open(destroyed, 'm'))).toBe('message.resend-needed');
  });

  it('says nothing of the content, not even that two are the same', () => {
    const [one, two] = [vault.seal(Buffer.from('fictif'), 'm'), vault.seal(Buffer.from('fictif'), 'm')];
    expect(one.chunks[0]).not.toEqual(two.chunks[0]);
    expect(Buffer.from(one.chunks[0] as Uint8Array).includes('fictif')).toBe(false);
  });
});

describe('the key-encryption keys', () => {
  it('rotate: the newest wraps, the older still open, a dropped one is missed by name', () => {
    const [old, fresh] = [newKekText(), newKekText()];
    const before = new EnvelopeVault(Keyring.fromText(old));
    const after = new EnvelopeVault(Keyring.fromText(`${fresh.trim()},${old.trim()}`));
    const stored = before.seal(Buffer.from('fictif'), 'm');
    expect(Buffer.from(after.open(stored, 'm')).toString()).toBe('fictif');
    expect(after.seal(Buffer.from(''), 'm').atRest.kekId).not.toBe(stored.atRest.kekId);
    expect(codeOf(() => new EnvelopeVault(Keyring.fromText(fresh)).open(stored, 'm'))).toBe(
      'configuration.invalid',
    );
  });

  it('are made once in a file that only the owner reads', () => {
    const home = mkdtempSync(join(tmpdir(), 'relais-kek-'));
    const file = join(home, 'keys/kek');
    const first = Keyring.fromFile(file);
    expect(Keyring.fromFile(file).newest.id).toBe(first.newest.id);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(home, { recursive: true });
  });

  it('are refused when short, mistyped or absent, without being repeated', () => {
    for (const text of ['', 'c2hvcnQ=', `${newKekText().trim()},x`, randomBytes(32).toString('hex')])
      try {
        Keyring.fromText(text);
        expect.fail('accepted');
      } catch (error) {
        expect(error).toMatchObject({ code: 'configuration.invalid' });
        if (text !== '') expect(JSON.stringify([error, (error as BrokerError).detail])).not.toContain(text);
      }
  });
});
