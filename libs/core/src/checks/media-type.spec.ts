import { describe, expect, it } from 'vitest';
import type { ObjectContract } from '../contract.ts';
import type { Incoming } from '../event.ts';
import { bareMediaType, checkMediaType, checkSize } from './media-type.ts';

const contract = { mediaTypes: ['application/json'], maxBytes: 10 } as unknown as ObjectContract;
const incoming = (mediaType: string, size = 1) =>
  ({ mediaType, data: Buffer.alloc(size) }) as unknown as Incoming;

describe('the format', () => {
  it.each(['application/json', 'Application/JSON ; charset=utf-8', 'application/json;'])(
    '%j is JSON',
    (type) => {
      expect(bareMediaType(type)).toBe('application/json');
      expect(() => checkMediaType(incoming(type), contract)).not.toThrow();
    },
  );

  it.each(['application/pdf', 'application/jsonx', '', 'text/plain; application/json'])(
    '%j is not',
    (type) => {
      expect(() => checkMediaType(incoming(type), contract)).toThrow(
        expect.objectContaining({ code: 'media-type.unsupported' }),
      );
    },
  );
});

describe('the size', () => {
  it('is at most that of the contract', () => {
    expect(() => checkSize(incoming('', 10), contract)).not.toThrow();
    expect(() => checkSize(incoming('', 11), contract)).toThrow(
      expect.objectContaining({ code: 'body.too-large' }),
    );
  });
});
