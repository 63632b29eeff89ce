/** What comes by MSSanté and by INTEROPS. */
import type { XmlSignatures } from '#core';
import type { Attachments } from '../../../libs/transports/src/interops-soap/content.ts';
import { plainEnvelope } from '../../../libs/transports/src/interops-soap/envelope.ts';
import { faultEnvelope, faultIn } from '../../../libs/transports/src/interops-soap/fault.ts';
import { isSigned, openEnvelope } from '../../../libs/transports/src/interops-soap/open-envelope.ts';
import {
  askedTree,
  readAsked,
  readTaken,
  readWaiting,
  takenTree,
  waitingTree,
} from '../../../libs/transports/src/interops-soap/operations.ts';
import { readVector } from '../../../libs/transports/src/interops-soap/read-vector.ts';
import { readText, soapText } from '../../../libs/transports/src/interops-soap/read-xml.ts';
import { vectorId, writeVector } from '../../../libs/transports/src/interops-soap/write-vector.ts';
import { readDsn } from '../../../libs/transports/src/mssante/inbox/read-dsn.ts';
import { readMail } from '../../../libs/transports/src/mssante/inbox/read-mail.ts';
import { readMdn } from '../../../libs/transports/src/mssante/inbox/read-mdn.ts';
import { writeMdn } from '../../../libs/transports/src/mssante/inbox/write-mdn.ts';
import { MIME_WORDS, type PreparedParser, utf8, XML_WORDS } from './parser.ts';

const NOW = new Date('2026-06-02T10:00:00Z');
const MAIL = [
  'From: "SPSTI A (essai)" <dmst@spsti-a.mssante.fr>',
  'To: dmst@spsti-b.mssante.fr',
  'Subject: =?utf-8?Q?XDM/1.0/DDM_essai?=',
  'Message-ID: <0192f7a0-0000-7000-8000-00000000000a@spsti-a.mssante.fr>',
  'References: <a@spsti-b.mssante.fr> <b@spsti-b.mssante.fr>',
  'Disposition-Notification-To: dmst@spsti-a.mssante.fr',
  'X-MSS-INS: O',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'd=E9pos=E9',
  '--b',
  'Content-Type: application/x-zip-compressed; name="IHE_XDM.ZIP"',
  'Content-Disposition: attachment; filename="IHE_XDM.ZIP"',
  'Content-Transfer-Encoding: base64',
  '',
  'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==',
  '--b--',
  '',
].join('\r\n');
const DSN = [
  'From: postmaster@spsti-b.mssante.fr',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Bonjour',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.spsti-b.mssante.fr',
  '',
  'Final-Recipient: rfc822; dmst@spsti-b.mssante.fr',
  'Action: failed',
  'Status: 5.1.1',
  '--b',
  'Content-Type: text/rfc822-headers',
  '',
  'Message-ID: <0192f7a0-0000-7000-8000-00000000000a@spsti-a.mssante.fr>',
  '--b--',
  '',
].join('\r\n');

const CONTENT = { mediaType: 'application/json', bytes: Buffer.from('{"fictif":true}') };
const ATTACHED: Attachments = new Map([['a@relais', CONTENT.bytes]]);
const TRANSMISSION = {
  id: 'essai-1',
  flow: 'sick-leave',
  object: 'notice',
  major: 1,
  key: 'k-1',
  expires: '2026-07-02T10:00:00.000Z',
  attempt: 2,
  contents: [CONTENT],
};

/** The ports of a signed message are fuzzed by themselves: here nothing is signed nor encrypted. */
const NO_PORTS = {
  signatures: undefined as unknown as XmlSignatures,
  signerFault: () => undefined,
  namesOf: () => ({ issuer: '', subject: '' }),
};

export const CHANNEL_PARSERS: readonly PreparedParser[] = [
  {
    name: 'mail, its receipts and its bounces',
    prepare: async () => ({
      samples: [
        Buffer.from(MAIL),
        Buffer.from(DSN),
        await writeMdn({
          from: 'dmst@spsti-b.mssante.fr',
          to: 'dmst@spsti-a.mssante.fr',
          messageId: 'c@spsti-b.mssante.fr',
          at: NOW,
          original: { raw: Buffer.from(MAIL), subject: 'essai', messageId: 'd@spsti-a.mssante.fr' },
          error: 900,
        }),
      ],
      words: MIME_WORDS,
      runs: 500,
      read: async (bytes) => {
        const mail = await readMail(bytes);
        return [await readMdn(mail), await readDsn(mail)];
      },
    }),
  },
  {
    name: 'INTEROPS operations',
    prepare: () => ({
      samples: [
        askedTree({ operation: 'Transmettre', transmission: TRANSMISSION }),
        askedTree({ operation: 'Transmettre', transmission: TRANSMISSION }, ['a@relais']),
        askedTree({ operation: 'ConsulterTraces', from: NOW.toISOString() }),
        askedTree({ operation: 'Interroger', most: 3 }),
      ].map((tree) => Buffer.from(plainEnvelope(tree))),
      words: [...XML_WORDS, '<xop:Include href="cid:%"/>', 'cid:', '<wsse:Security>', '<soap:Body/>'],
      runs: 1500,
      read: async (bytes) => {
        const xml = soapText(bytes);
        isSigned(xml);
        const rule = { withVector: false, now: NOW };
        return openEnvelope(xml, rule, NO_PORTS, undefined, (root) => readAsked(root, ATTACHED));
      },
    }),
  },
  {
    name: 'INTEROPS answers',
    prepare: () => {
      const taken = { message: 'm', status: 'accepte', receivedAt: NOW.toISOString(), digest: 'd' } as const;
      const waiting = { delivery: 'd', message: 'm', type: 't', sender: 's', attempt: 1, content: CONTENT };
      return {
        samples: [
          plainEnvelope(takenTree(taken, vectorId())),
          plainEnvelope(['io:InterrogerReponse', [waitingTree(waiting)]]),
          faultEnvelope({ by: 'Sender', code: 'content.invalid', reason: 'essai', instance: 'urn:essai' }),
        ].map((xml) => Buffer.from(xml)),
        words: [...XML_WORDS, '<io:Resultat>', '<soap:Fault>'],
        runs: 1500,
        read: async (bytes) => {
          const rule = { withVector: false, now: NOW };
          return openEnvelope(soapText(bytes), rule, NO_PORTS, undefined, (root) => {
            const fault = faultIn(root);
            if (fault !== undefined) return fault;
            return root.name === 'TransmettreReponse'
              ? readTaken(root, ATTACHED)
              : readWaiting(root, ATTACHED);
          });
        },
      };
    },
  },
  {
    name: 'identification vectors',
    prepare: () => ({
      samples: [
        writeVector({
          id: vectorId(),
          issuer: 'urn:interops:19900000000019:idp:essai:1',
          subject: 'application',
          recipient: 'urn:interops:sp:19900000000027:essai',
          audience: 'https://relais.example/interops/v1',
          at: NOW,
          seconds: 300,
          authenticationClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
          pagm: ['ESSAI'],
        }),
      ].map((xml) => Buffer.from(xml)),
      words: [...XML_WORDS, '<saml2:Conditions/>', 'NotOnOrAfter=""', '2026-99-99T99:99:99Z'],
      runs: 1500,
      read: (bytes) => readText(utf8(bytes), readVector),
    }),
  },
];
