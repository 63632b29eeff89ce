/** SOAP 1.2 with WS-Addressing and the caller's VIHF, sealed where it stands. */
import type { SealMandate, XmlSignatures } from '#core';
import { writeXml, type XmlTree } from '../soap/write-xml.ts';
import { NAMESPACES } from './namespaces.ts';

export interface Call {
  action: string;
  to: string;
  messageId: string;
  /** unsigned, and its ID */
  assertion: XmlTree;
  assertionId: string;
  body: XmlTree;
}

const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';

/** @returns the envelope with the assertion signed by the seal, exclusive canonicalisation: it stands wherever it is moved */
export async function sealedEnvelope(
  { action, to, messageId, assertion, assertionId, body }: Call,
  { certificate, key }: Pick<SealMandate, 'certificate' | 'key'>,
  signatures: Pick<XmlSignatures, 'sign'>,
): Promise<string> {
  const must = { 'soap:mustUnderstand': 'true' };
  const envelope = writeXml(
    [
      'soap:Envelope',
      [
        [
          'soap:Header',
          [
            ['wsa:Action', action, must],
            ['wsa:MessageID', `urn:uuid:${messageId}`],
            ['wsa:ReplyTo', [['wsa:Address', ANONYMOUS]]],
            ['wsa:To', to, must],
            ['wsse:Security', [assertion], must],
          ],
        ],
        ['soap:Body', [body]],
      ],
    ],
    NAMESPACES,
  );
  return signatures.sign(envelope, {
    certificate,
    key,
    ids: [assertionId],
    inside: ['Envelope', 'Header', 'Security', 'Assertion'],
    after: 'Issuer',
  });
}
