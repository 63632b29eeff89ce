import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawLinkId, PseudonymKeys, pseudonymise } from './pseudonymise.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 64 });
const ins = fc
  .integer({ min: 0, max: 999_999 })
  .map((n) => ({ ins: { value: `2840799${String(n).padStart(6, '0')}` } }));
const zeros = new Uint8Array(32);

it('is the HMAC-SHA-256 of purpose and matricule', () => {
  const message = '["relais-pseudonym/1","evrest/gis","ins","2840799990123"]';
  const { value, keyId } = pseudonymise(zeros, 'evrest/gis', { ins: { value: '2840799990123' } });
  expect(value).toBe(createHmac('sha256', zeros).update(message).digest('base64url'));
  expect(keyId).toMatch(/^[0-9a-f]{16}$/);
});

it('is the same for one person, however the matricule is spaced or cased', () => {
  const keys = new PseudonymKeys(zeros);
  const plain = keys.pseudonymise('evrest', { ins: { value: '160012B020777' } });
  expect(keys.pseudonymise('evrest', { ins: { value: '1 60 01 2b 020 777' } })).toEqual(plain);
});

it('differs from person to person, from purpose to purpose and from key to key', () => {
  fc.assert(
    fc.property(key, key, ins, ins, fc.string({ minLength: 1 }), (one, other, a, b, purpose) => {
      const value = pseudonymise(one, purpose, a).value;
      expect(pseudonymise(one, purpose, a).value).toBe(value);
      expect(pseudonymise(one, `${purpose}x`, a).value).not.toBe(value);
      if (a.ins.value !== b.ins.value) expect(pseudonymise(one, purpose, b).value).not.toBe(value);
      if (!Buffer.from(one).equals(Buffer.from(other))) {
        expect(pseudonymise(other, purpose, a).value).not.toBe(value);
        expect(pseudonymise(other, purpose, a).keyId).not.toBe(pseudonymise(one, purpose, a).keyId);
      }
    }),
  );
});

it('keeps purpose, kind of id, system and value apart', () => {
  const values = [
    ['a', { localId: { system: 'b', value: 'cd' } }],
    ['a', { localId: { system: 'bc', value: 'd' } }],
    ['ab', { localId: { system: 'c', value: 'd' } }],
    ['a', { localId: { system: 'ins', value: '2840799990123' } }],
    ['a', { ins: { value: '2840799990123' } }],
    ['a","ins', { localId: { system: 'b', value: 'cd' } }],
  ] as const;
  expect(new Set(values.map(([purpose, subject]) => pseudonymise(zeros, purpose, subject).value)).size).toBe(
    6,
  );
});

it('shows neither the key nor the matricule in what it gives', () => {
  fc.assert(
    fc.property(key, ins, (secret, subject) => {
      const given = JSON.stringify(pseudonymise(secret, 'evrest', subject));
      expect(given).not.toContain(subject.ins.value);
      expect(given).not.toContain(Buffer.from(secret).toString('hex').slice(0, 16));
      expect(given).not.toContain(Buffer.from(secret).toString('base64url').slice(0, 16));
    }),
  );
});

it('re-keys a chain: the former key gives the value that the recipient has', () => {
  const [old, now] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const person = { ins: { value: '2840799990123' } };
  const before = new PseudonymKeys(old).pseudonymise('evrest', person);
  const after = new PseudonymKeys(now, [old]);
  expect(after.rekeying('evrest', person)).toEqual({
    from: [before],
    to: after.pseudonymise('evrest', person),
  });
  expect(after.keyId).not.toBe(before.keyId);
});

it('refuses short keys, a key twice, no purpose and what is no matricule, without repeating it', () => {
  expect(() => new PseudonymKeys(new Uint8Array(31))).toThrow(RangeError);
  expect(() => new PseudonymKeys(zeros, [zeros])).toThrow(RangeError);
  expect(() => pseudonymise(zeros, '', { ins: { value: '2840799990123' } })).toThrow(TypeError);
  expect(() => pseudonymise(zeros, 'a', { localId: { system: 's', value: '' } })).toThrow(TypeError);
  expect(() => pseudonymise(zeros, 'a', { ins: { value: '28407999901' } })).toThrow(/^(?!.*28407).*$/);
});

it('draws link ids that never repeat', () => {
  const drawn = Array.from({ length: 10_000 }, drawLinkId);
  expect(new Set(drawn).size).toBe(10_000);
  expect(drawn.every((id) => /^[\w-]{22}$/.test(id))).toBe(true);
});
