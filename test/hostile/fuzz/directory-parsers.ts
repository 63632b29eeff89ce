/** Answers of directories and of repositories of documents, and what partners deposit. */
import { createServer } from 'node:net';
import { parseJson } from '#core';
import { readAcknowledgement } from '../../../apps/broker/src/channels/sftp-acknowledgements/acknowledgement-body.ts';
import { LDAP_ATTRIBUTES, LdapDirectory } from '../../../libs/identity/src/annuaire/ldap-directory.ts';
import { PROFILE, serviceOf } from '../../../libs/identity/src/annuaire/organization.ts';
import { acknowledgementCodes } from '../../../libs/transports/src/mhd/outcome.ts';
import { acknowledgementOf } from '../../../libs/transports/src/sftp/names.ts';
import { BINARY_WORDS, JSON_WORDS, type PreparedParser, utf8 } from './parser.ts';

const ID = '0192f7a0-0000-7000-8000-00000000000a';
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const ORGANIZATION = {
  resourceType: 'Organization',
  active: true,
  name: 'SPSTI A (essai)',
  type: [{ coding: [{ system: PROFILE.sector.system, code: PROFILE.sector.code }] }],
  identifier: [{ system: PROFILE.finess, value: '990000001' }],
  telecom: [
    {
      value: 'dmst@spsti-a.mssante.fr',
      extension: [{ url: PROFILE.mailbox, extension: [{ url: 'listeRouge', valueBoolean: false }] }],
    },
  ],
  extension: [{ url: PROFILE.certificate, extension: [{ url: 'value', valueAttachment: { data: 'AAAA' } }] }],
};

/** BER of one value. */
function ber(tag: number, ...inside: (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(inside.map((one) => Buffer.from(one as string)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const attribute = (name: string, value: string) => ber(0x30, ber(0x04, name), ber(0x31, ber(0x04, value)));
/** the first id that ldapts gives */
const message = (...inside: Buffer[]) => ber(0x30, ber(0x02, Buffer.of(2)), ...inside);
/** RFC 4511: a SearchResultEntry, then SearchResultDone */
const FOUND = Buffer.concat([
  message(
    ber(
      0x64,
      ber(0x04, 'uid=990000001,o=essai'),
      ber(
        0x30,
        attribute('o', 'SPSTI A (essai)'),
        attribute('uid', '990000001'),
        attribute('mail', 'a@b.fr'),
      ),
    ),
  ),
  message(ber(0x65, ber(0x0a, Buffer.of(0)), ber(0x04, ''), ber(0x04, ''))),
]);

/** A directory on loopback that answers the first question with these bytes and hangs up. */
async function askedOf(answer: Uint8Array): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const directory = new LdapDirectory({
    url: `ldap://127.0.0.1:${port}`,
    base: 'o=essai',
    attributes: LDAP_ATTRIBUTES,
    startTls: false,
    clock: { now: () => new Date() } as never,
    timeoutMs: 5_000,
  });
  try {
    return await directory.services({ text: 'essai' } as never, AbortSignal.timeout(20_000));
  } finally {
    server.close();
  }
}

export const DIRECTORY_PARSERS: readonly PreparedParser[] = [
  {
    name: 'SFTP acknowledgements',
    prepare: () => ({
      samples: [
        json({ format: 'relais-ack/1', messageId: ID, deliveryId: ID, outcome: 'filed' }),
        json({
          format: 'relais-ack/1',
          messageId: ID,
          deliveryId: ID,
          outcome: 'filed',
          acknowledgement: { a: 1 },
        }),
      ],
      words: JSON_WORDS,
      runs: 1500,
      read: (bytes) => readAcknowledgement(bytes),
    }),
  },
  {
    name: 'names in SFTP folders',
    prepare: () => ({
      samples: [Buffer.from(`${ID}.ack.json`), Buffer.from(`${ID}.ack.json.reading`)],
      words: ['../', '/', '\u0000', '.reading', '.ack.json', ...JSON_WORDS],
      runs: 1000,
      read: (bytes) => acknowledgementOf(utf8(bytes)),
    }),
  },
  {
    name: 'Annuaire Santé',
    prepare: () => ({
      samples: [json(ORGANIZATION)],
      words: [...JSON_WORDS, '"extension":[{}]', '"resourceType":"Organization"'],
      runs: 2000,
      read: (bytes) => serviceOf(parseJson(bytes), '2026-06-02T10:00:00.000Z'),
    }),
  },
  {
    name: 'outcomes of PDSm',
    prepare: () => ({
      samples: [
        json({
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'invalid', details: { coding: [{ code: 'a' }] } }],
        }),
      ],
      words: JSON_WORDS,
      runs: 1500,
      read: (bytes) => acknowledgementCodes(parseJson(bytes)),
    }),
  },
  {
    name: 'LDAP, on the wire',
    prepare: () => ({ samples: [FOUND], words: BINARY_WORDS, runs: 300, read: askedOf }),
  },
];
