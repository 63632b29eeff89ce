/** Answers of directories and of repositories of documents, and what partners deposit. */
import { parseJson } from '#core';
import { readAcknowledgement } from '../../../apps/broker/src/channels/sftp-acknowledgements/acknowledgement-body.ts';
import { PROFILE, serviceOf } from '../../../libs/identity/src/annuaire/organization.ts';
import { acknowledgementCodes } from '../../../libs/transports/src/mhd/outcome.ts';
import { acknowledgementOf } from '../../../libs/transports/src/sftp/names.ts';
import { JSON_WORDS, type PreparedParser, utf8 } from './parser.ts';

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
];
