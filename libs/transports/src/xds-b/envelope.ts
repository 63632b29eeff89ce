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
  /** more namespaces, by prefix */
  namespaces?: Readonly<Record<string, string>>;
  /** XML of our own that takes the place of an empty element of the body, written as it is */
  splice?: { at: string; xml: string };
}

const ANONYMOUS = 'http://www.w3.org/2005/08/addressing/anonymous';

/** @returns the envelope with the assertion signed by the seal, exclusive canonicalisation: it stands wherever it is moved */
export async function sealedEnvelope(
  { action, to, messageId, assertion, assertionId, body, namespaces = {}, splice }: Call,
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
    { ...NAMESPACES, ...namespaces },
  );
  const whole = splice === undefined ? envelope : envelope.replace(`<${splice.at}/>`, () => splice.xml);
  return signatures.sign(whole, {
    certificate,
    key,
    ids: [assertionId],
    inside: ['Envelope', 'Header', 'Security', 'Assertion'],
    after: 'Issuer',
  });
}
