import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOfEvents, binaryEvent, structuredEvent } from './cloud-event.ts';

const event = { specversion: '1.0', id: '1', source: 's', type: 't' };
const written = (data: string) =>
  Buffer.from(structuredEvent(Buffer.from(`{"specversion":"1.0","id":"1","data":${data}}`)).data).toString();

describe('the data of a structured event', () => {
  it('is its JSON in compact form', () => {
    expect(written('{ "a" : [ 1 , "é", null ] }')).toBe('{"a":[1,"é",null]}');
  });

  it('keeps every digit of its numbers', () => {
    const numbers = '[9007199254740993,1.0,1e400,-0,0.1000,1E5]';
    expect(written(numbers)).toBe(numbers);
  });

  it('is the bytes of data_base64, and text as it stands when it is no JSON', () => {
    const of = (more: object) => structuredEvent(Buffer.from(JSON.stringify({ ...event, ...more }))).data;
    expect(of({ data_base64: 'AP8=' })).toEqual(Buffer.of(0, 255));
    expect(Buffer.from(of({ datacontenttype: 'application/jose', data: 'a.b' })).toString()).toBe('a.b');
  });

  it('means what was sent, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(JSON.parse(written(JSON.stringify(data)))).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});

describe('a binary event', () => {
  it('has its attributes percent-decoded and its bytes untouched', () => {
    const { event: read, data } = binaryEvent(
      { 'ce-specversion': ['1.0'], 'ce-id': ['caf%C3%A9'], 'content-type': ['text/plain'] },
      Buffer.of(0, 255),
    );
    expect(read).toEqual({ id: 'café', datacontenttype: 'text/plain' });
    expect(data).toEqual(Buffer.of(0, 255));
  });

  it('has no attribute twice', () => {
    expect(() => binaryEvent({ 'ce-specversion': ['1.0', '1.0'] }, Buffer.alloc(0))).toThrow(
      'event.malformed',
    );
  });
});

describe('a batch', () => {
  it('tells which event was malformed', () => {
    const [first, second] = batchOfEvents(Buffer.from('[{"id":"a"},{"id":7}]'));
    expect([first?.senderId, second?.senderId]).toEqual(['a', null]);
    expect(() => first?.read()).toThrow('event.malformed');
  });

  it('of too many is refused by their count, commas in texts and lists aside', () => {
    const of = (n: number) => Buffer.from(JSON.stringify(Array(n).fill({ a: ',,[', b: [1, 2, 3] })));
    expect(batchOfEvents(of(1_000))).toHaveLength(1_000);
    expect(() => batchOfEvents(of(1_001))).toThrow('batch.too-large');
    expect(() => batchOfEvents(Buffer.from(` \n[${'{},'.repeat(1_000)}`))).toThrow('batch.too-large');
  });
});
