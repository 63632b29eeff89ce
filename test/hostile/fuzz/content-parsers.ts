/** What partners send: events, JSON, scanned identities. */

import { eventFromHeaders, eventFromJson, NotGenuine } from '#client';
import { measureJson, parseJson } from '#core';
import { readDatamatrix } from '#identity';
import { batchOfEvents, binaryEvent, structuredEvent } from '../../../apps/broker/src/intake/cloud-event.ts';
import { checkEvent } from '../../../libs/core/src/checks/event.ts';
import { JSON_WORDS, latin1, type PreparedParser, utf8 } from './parser.ts';

const EVENT = {
  specversion: '1.0',
  id: 'essai-1',
  source: 'urn:relais:partner:spsti-a',
  type: 'fr.relais.dmst-portability.request.v1',
  time: '2026-06-02T10:00:00Z',
  datacontenttype: 'application/json',
  recipient: 'spsti-b',
  data: { numero: 12, texte: 'é"\\', liste: [1, null, true, { a: -0.5e3 }] },
};
const HEADERS = [
  'content-type: application/json',
  'ce-specversion: 1.0',
  'ce-id: essai-1',
  'ce-source: urn:relais:partner:spsti-a',
  'ce-type: fr.relais.dmst-portability.request.v1',
  'ce-recipient: spsti-b',
  'ce-traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
].join('\n');
const GS = '\u001d';
const DATAMATRIX = `IS010000000000000000000000S1275126322074974S21.2.250.1.213.1.4.8${GS}S3ZOE${GS}S4ADRUN${GS}S5FS631-12-1975S763220`;

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** As Node gives them: names in lower case, every value of each. */
function headersIn(bytes: Uint8Array): Record<string, string[]> {
  const headers: Record<string, string[]> = Object.create(null);
  for (const line of latin1(bytes).split('\n')) {
    const [name = '', ...value] = line.split(': ');
    headers[name] = [...(headers[name] ?? []), value.join(': ')];
  }
  return headers;
}

export const CONTENT_PARSERS: readonly PreparedParser[] = [
  {
    name: 'CloudEvents, structured',
    prepare: () => ({
      samples: [json(EVENT), json({ ...EVENT, data: undefined, data_base64: 'AAAA' })],
      words: JSON_WORDS,
      runs: 3000,
      read: (bytes) => checkEvent(structuredEvent(bytes).event),
    }),
  },
  {
    name: 'CloudEvents, batch',
    prepare: () => ({
      samples: [json([EVENT, { ...EVENT, id: 'essai-2' }]), json([])],
      words: JSON_WORDS,
      runs: 3000,
      read: (bytes) => batchOfEvents(bytes).map((event) => checkEvent(event.read().event)),
    }),
  },
  {
    name: 'CloudEvents, headers',
    prepare: () => ({
      samples: [Buffer.from(HEADERS)],
      words: ['%', '%ff', '%C3%A9', '\n', ': ', 'ce-id: 2', ...JSON_WORDS],
      runs: 3000,
      read: (bytes) => checkEvent(binaryEvent(headersIn(bytes), new Uint8Array()).event),
    }),
  },
  {
    name: 'JSON content',
    prepare: () => ({
      samples: [json(EVENT.data), json([[[[{}]]]])],
      words: JSON_WORDS,
      runs: 3000,
      read: (bytes) => [measureJson(bytes), parseJson(bytes)],
    }),
  },
  {
    name: 'INS datamatrix',
    prepare: () => ({
      samples: [Buffer.from(DATAMATRIX)],
      words: [GS, 'S1', 'S2', 'S6', 'S9', '31-00-1975', 'É', ...JSON_WORDS],
      runs: 3000,
      read: (bytes) => readDatamatrix(utf8(bytes), 'production', new Date('2026-11-22T10:00:00Z')),
    }),
  },
  {
    name: "events, by the vendors' client",
    prepare: () => {
      const event = {
        ...EVENT,
        relaissender: 'spsti-a',
        relaisdelivery: 'd1',
        relaisattempt: '1',
        data: 'a',
      };
      return {
        samples: [json(event)],
        words: JSON_WORDS,
        runs: 2000,
        errors: [NotGenuine],
        read: (bytes) => {
          const read = parseJson(bytes);
          if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
          return eventFromJson(read as Record<string, unknown>);
        },
      };
    },
  },
  {
    name: "headers of events, by the vendors' client",
    prepare: () => ({
      samples: [Buffer.from(`${HEADERS}\nce-relaissender: a\nce-relaisdelivery: d\nce-relaisattempt: 1`)],
      words: ['%', '%ff', '\n', ': ', ...JSON_WORDS],
      runs: 2000,
      errors: [NotGenuine],
      read: (bytes) =>
        eventFromHeaders(
          Object.fromEntries(Object.entries(headersIn(bytes)).map(([name, [value]]) => [name, value])),
        ),
    }),
  },
];
