/** Answers of directories and of repositories of documents, and what partners deposit. */
import { parseJson } from '#core';
import { LDAP_ATTRIBUTES, LdapDirectory } from '#identity';
import { readAcknowledgement } from '../../../apps/broker/src/channels/sftp-acknowledgements/acknowledgement-body.ts';
import { PROFILE, serviceOf } from '../../../libs/identity/src/annuaire/organization.ts';
import { acknowledgementCodes } from '../../../libs/transports/src/mhd/outcome.ts';
import { acknowledgementOf } from '../../../libs/transports/src/sftp/names.ts';
import { attribute, ber, done, entry, message, startLdapServerDouble } from '../../builders/ldap-server.ts';
import { BINARY_WORDS, JSON_WORDS, type Parser, type PreparedParser, utf8 } from './parser.ts';

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

const closing: (() => Promise<void>)[] = [];

export async function closeDirectories(): Promise<void> {
  for (const close of closing) await close();
}

/** Each case is a connection and a thread. A loop is known by its time; a good answer has all the time that it needs. */
async function ldap(): Promise<Omit<Parser, 'name'>> {
  const server = await startLdapServerDouble();
  const open = (searchMs: number) =>
    new LdapDirectory({
      ...{ url: server.url, base: 'dc=annuaire', attributes: LDAP_ATTRIBUTES, startTls: false },
      ...{ clock: { now: () => new Date() }, timeoutMs: 60_000, searchMs },
    });
  const [patient, hurried] = [open(60_000), open(300)];
  closing.push(patient.close.bind(patient), hurried.close.bind(hurried), server.close);
  const samples = [
    entry(ber(0x30, [attribute('o', 'SPSTI A (essai)'), attribute('uid', '990000001')])),
    entry(ber(0x30, [attribute('o', 'B'), attribute('mail', 'a@b.fr', 'c@b.fr')])),
    entry(ber(0x30, [attribute('userCertificate;binary', 'AAAA')])),
  ];
  return {
    samples,
    words: [...BINARY_WORDS, '0\u007f', '1\u007f', '\u0004\u007f', '0\u0000', '\u0004\u0000'],
    runs: 60,
    read: async (bytes) => {
      // its frame is good, or ldapts would only wait for more
      server.says((id, socket) => void socket.end(Buffer.concat([message(id, bytes), done(id)])));
      const directory = samples.some((sample) => sample === bytes) ? patient : hurried;
      return directory.services({ text: 'essai' }, AbortSignal.timeout(60_000));
    },
  };
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
  { name: 'directory by LDAP', prepare: ldap },
];
