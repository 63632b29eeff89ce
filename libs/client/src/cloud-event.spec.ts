import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFromAmqp, eventFromHeaders, eventFromJson, headersOf } from './cloud-event.ts';
import { NotGenuine } from './errors.ts';

const attributes = {
  id: 'm',
  source: 'urn:relais:broker',
  type: 'fr.relais-st.insi.result.v1',
  relaissender: 'insi',
  relaisdelivery: 'd',
  relaisattempt: '2',
  specversion: '1.0',
};

describe('a CloudEvent of Relais', () => {
  it('says the same in headers and in JSON', () => {
    const binary = eventFromHeaders({
      'content-type': 'application/jose',
      ...headersOf(attributes),
      host: 'x',
    });
    const { event, data } = eventFromJson({
      ...attributes,
      relaisattempt: 2,
      datacontenttype: 'application/jose',
      data_base64: 'YWJj',
    });
    expect(event).toEqual(binary);
    expect(event).toMatchObject({ id: 'm', relaisattempt: 2, datacontenttype: 'application/jose' });
    expect(data.toString()).toBe('abc');
    expect(eventFromJson({ ...attributes, datacontenttype: 'x', data: 'abc' }).data.toString()).toBe('abc');
  });

  it.each(['_', ':'])(
    'says the same in a message of AMQP, its attributes behind cloudEvents%s',
    (separator) => {
      const prefixed = Object.entries(attributes).map(([name, value]) => [
        `cloudEvents${separator}${name}`,
        value,
      ]);
      const headers = { ...Object.fromEntries(prefixed), 'x-delivery-count': 1 };
      const binary = eventFromHeaders({ 'content-type': 'application/jose', ...headersOf(attributes) });
      expect(eventFromAmqp({ contentType: 'application/jose', headers })).toEqual(binary);
      expect(() => eventFromAmqp({ contentType: 'application/jose', headers: undefined })).toThrow(
        NotGenuine,
      );
    },
  );

  it('takes any text through a header and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        const headers = headersOf({ ...attributes, id });
        expect(headers['ce-id']).toMatch(/^[!#$&-~%]+$/);
        expect(eventFromHeaders({ 'content-type': 'x', ...headers }).id).toBe(id);
      }),
    );
  });

  it.each(['id', 'source', 'type', 'relaissender', 'relaisdelivery', 'relaisattempt', 'specversion'])(
    'is refused without %s',
    (name) => {
      const headers = headersOf({ ...attributes, [name]: undefined });
      expect(() => eventFromHeaders({ 'content-type': 'x', ...headers })).toThrow('delivery');
    },
  );

  it('is refused when an attempt is no number from 1 on, or an attribute is badly encoded', () => {
    for (const relaisattempt of ['0', '-1', 'x', '1.5', ''])
      expect(() =>
        eventFromHeaders({ 'content-type': 'x', ...headersOf({ ...attributes, relaisattempt }) }),
      ).toThrow();
    expect(() => eventFromHeaders({ 'content-type': 'x', ...headersOf(attributes), 'ce-id': '%zz' })).toThrow(
      'encoded',
    );
  });
});
