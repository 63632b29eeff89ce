/** Envelopes: JOSE, signed and encrypted XML, sealed mail. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  createMailSealing,
  createXmlCipher,
  createXmlSignatures,
  encryptCompact,
  signCompact,
  verifyCompact,
} from '#protection';
import { decryptCompact } from '../../../libs/protection/src/jwe/compact-jwe.ts';
import {
  anAssertion,
  anEnvelope,
  assertionOrder,
  assertionRule,
  envelopeOrder,
  envelopeRule,
} from '../../builders/signed-xml.ts';
import { aSigner } from '../../builders/signers.ts';
import {
  BINARY_WORDS,
  JSON_WORDS,
  latin1,
  MIME_WORDS,
  type PreparedParser,
  utf8,
  XML_WORDS,
} from './parser.ts';

const signatures = createXmlSignatures({ threads: 1 });
const cipher = createXmlCipher({ threads: 1 });
const sealing = createMailSealing({ threads: 1 });

export async function closeEnvelopes(): Promise<void> {
  await Promise.all([signatures.close(), cipher.close(), sealing.close()]);
}

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const SIGNATURE_WORDS = [
  ...XML_WORDS,
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  `${DSIG}enveloped-signature`,
  `${DSIG}hmac-sha1`,
  '<ds:SignedInfo>',
  '<ds:Reference URI="">',
  '<ds:Object>',
  'URI="#Body-1"',
];
const JOSE_WORDS = [
  '.',
  '..',
  '=',
  '-',
  '_',
  'e30',
  Buffer.from('{"alg":"none"}').toString('base64url'),
  ...JSON_WORDS,
];

export const ENVELOPE_PARSERS: readonly PreparedParser[] = [
  {
    name: 'JWE',
    prepare: async () => {
      const { key } = await aSigner('destinataire');
      const jwe = encryptCompact([Buffer.from('{"fictif":true}')], { kid: 'k' }, createPublicKey(key));
      return {
        samples: [Buffer.from(jwe)],
        words: JOSE_WORDS,
        runs: 300,
        read: (bytes) =>
          decryptCompact(latin1(bytes), (kid) => (kid === 'k' ? createPrivateKey(key) : undefined)),
      };
    },
  },
  {
    name: 'JWS',
    prepare: async () => {
      const key = createPrivateKey((await aSigner('sceau-p256', 'p-256')).key);
      const jws = signCompact({ fictif: true }, { kid: 'k', typ: 'essai' }, key);
      return {
        samples: [Buffer.from(jws)],
        words: JOSE_WORDS,
        runs: 600,
        read: (bytes) => verifyCompact(latin1(bytes), 'essai', () => createPublicKey(key)),
      };
    },
  },
  {
    name: 'XML signatures',
    prepare: async () => {
      const by = await aSigner('sceau');
      const assertion = await signatures.sign(anAssertion(), assertionOrder(by));
      return {
        samples: [Buffer.from(assertion)],
        words: SIGNATURE_WORDS,
        read: (bytes) => signatures.verify(utf8(bytes), assertionRule(by)),
      };
    },
  },
  {
    name: 'XML signatures of messages',
    prepare: async () => {
      const by = await aSigner('sceau');
      const assertion = await signatures.sign(anAssertion(), assertionOrder(by));
      const envelope = await signatures.sign(anEnvelope(assertion), envelopeOrder(by));
      return {
        samples: [Buffer.from(envelope)],
        words: SIGNATURE_WORDS,
        read: (bytes) => signatures.verify(utf8(bytes), envelopeRule(by)),
      };
    },
  },
  {
    name: 'signers that XML signatures claim',
    prepare: async () => {
      const by = await aSigner('sceau');
      const assertion = await signatures.sign(anAssertion(), assertionOrder(by));
      return {
        samples: [Buffer.from(assertion)],
        words: SIGNATURE_WORDS,
        read: (bytes) => signatures.claimedSigner(utf8(bytes), ['Assertion']),
      };
    },
  },
  {
    name: 'XML-Enc',
    prepare: async () => {
      const by = await aSigner('destinataire');
      const at = ['Envelope', 'Body'];
      const sealed = await cipher.encrypt(anEnvelope(), { at, certificate: by.certificate });
      return {
        samples: [Buffer.from(sealed)],
        words: [...XML_WORDS, 'http://www.w3.org/2001/04/xmlenc#aes256-cbc', 'URI="#a"'],
        read: (bytes) => cipher.decrypt(utf8(bytes), { at, keys: [by.key] }),
      };
    },
  },
  {
    name: 'S/MIME',
    prepare: async () => {
      const [signer, recipient] = [await aSigner('sceau'), await aSigner('destinataire')];
      const order = { signer, recipients: [recipient.certificate], cipher: 'aes-256-cbc' as const };
      const mime = Buffer.from('Content-Type: text/plain\r\n\r\nfictif\r\n');
      return {
        samples: [await sealing.seal(mime, order)],
        words: MIME_WORDS,
        read: (bytes) => sealing.open(bytes, recipient),
      };
    },
  },
  {
    name: 'CMS inside S/MIME',
    prepare: async () => {
      const [signer, recipient] = [await aSigner('sceau'), await aSigner('destinataire')];
      const order = { signer, recipients: [recipient.certificate], cipher: 'aes-256-cbc' as const };
      const sealed = latin1(
        await sealing.seal(Buffer.from('Content-Type: text/plain\r\n\r\nfictif\r\n'), order),
      );
      const [head = '', body = ''] = sealed.split('\r\n\r\n');
      return {
        samples: [Buffer.from(body, 'base64')],
        words: BINARY_WORDS,
        read: (der) =>
          sealing.open(Buffer.from(`${head}\r\n\r\n${Buffer.from(der).toString('base64')}`), recipient),
      };
    },
  },
];
