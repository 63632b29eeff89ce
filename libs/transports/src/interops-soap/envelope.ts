/** The SOAP envelope of a call or an answer: vector, Timestamp and Body under one WS-Security signature. */
import { randomUUID } from 'node:crypto';
import type { XmlCipher, XmlSignatures } from '#core';
import { writeXml, type XmlTree } from '../soap/write-xml.ts';
import { AT, FRESH_MS, NS, SAML_ID, SAML_TOKEN } from './names.ts';

const { soap, wsse, wsse11, wsu, saml2, xop, io } = NS;

export interface SealedEnvelope {
  /** first child of Body */
  operation: XmlTree;
  at: Date;
  seal: { certificate: string; key: string };
  signatures: XmlSignatures;
  /** the signed assertion that goes along, with its ID; absent in an answer */
  vector?: { id: string; xml: string };
  /** certificate (PEM) that the content of Body is encrypted to */
  encryption?: { certificate: string; cipher: XmlCipher; oaepSha1: boolean };
}

/** Encrypted first, then signed: whoever receives it knows who speaks before it decrypts anything. */
export async function sealedEnvelope(order: SealedEnvelope): Promise<string> {
  const { at, encryption, operation, seal, signatures, vector } = order;
  const ids = { timestamp: `ts-${randomUUID()}`, body: `body-${randomUUID()}` };
  const plain = writeXml(envelopeTree(at, ids, vector?.id), {
    soap,
    wsse,
    wsse11,
    wsu,
    saml2,
  });
  // the assertion is signed text of its own, and what is encrypted must stand by itself, names included: both go in as
  // they are, where empty elements of ours hold their places
  const content = writeXml(operation, { io, xop });
  const filled = plain.replace('<wsu:Operation/>', () => content);
  const whole = vector === undefined ? filled : filled.replace('<saml2:Assertion/>', () => vector.xml);
  const closed =
    encryption === undefined
      ? whole
      : await encryption.cipher.encrypt(whole, {
          at: AT.body,
          certificate: encryption.certificate,
          ...(encryption.oaepSha1 ? { oaep: 'sha-1' as const } : {}),
        });
  return signatures.sign(closed, {
    certificate: seal.certificate,
    key: seal.key,
    ids: [ids.timestamp, ids.body, ...(vector === undefined ? [] : [vector.id])],
    inside: AT.security,
  });
}

/** An answer that TLS alone protects, and a fault. */
export function plainEnvelope(content: XmlTree): string {
  return writeXml(['soap:Envelope', [['soap:Body', [content]]]], { soap, wsse, xop, io, vi: NS.vi });
}

function envelopeTree(
  at: Date,
  ids: { timestamp: string; body: string },
  vector: string | undefined,
): XmlTree {
  const created = at.toISOString();
  const expires = new Date(at.getTime() + FRESH_MS).toISOString();
  const token: XmlTree[] =
    vector === undefined
      ? []
      : [
          ['saml2:Assertion', []],
          [
            'wsse:SecurityTokenReference',
            [['wsse:KeyIdentifier', vector, { ValueType: SAML_ID }]],
            { 'wsse11:TokenType': SAML_TOKEN },
          ],
        ];
  return [
    'soap:Envelope',
    [
      [
        'soap:Header',
        [
          [
            'wsse:Security',
            [
              [
                'wsu:Timestamp',
                [
                  ['wsu:Created', created],
                  ['wsu:Expires', expires],
                ],
                { 'wsu:Id': ids.timestamp },
              ],
              ...token,
            ],
            { 'soap:mustUnderstand': 'true' },
          ],
        ],
      ],
      ['soap:Body', [['wsu:Operation', []]], { 'wsu:Id': ids.body }],
    ],
  ];
}
