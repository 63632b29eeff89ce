/** XML signatures of an organisation's own software: xml-crypto used directly, on purpose not through anything of Relais. */
import { SignedXml } from 'xml-crypto';

const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export interface Seal {
  /** PEM */
  certificate: string;
  key: string;
}

export interface Signing {
  seal: Seal;
  /** values of ID attributes */
  ids: readonly string[];
  /** XPath of the element that the signature follows, or goes into */
  at: { reference: string; action: 'after' | 'append' };
  enveloped?: boolean;
  sha1?: boolean;
}

export function signed(xml: string, { at, enveloped = false, ids, seal, sha1 = false }: Signing): string {
  const signer = new SignedXml({
    privateKey: seal.key,
    publicCert: seal.certificate,
    canonicalizationAlgorithm: EXC,
    signatureAlgorithm: sha1
      ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
      : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  });
  for (const id of ids)
    signer.addReference({
      xpath: `//*[@*[local-name()='ID' or local-name()='Id']='${id}']`,
      transforms: enveloped ? [ENVELOPED, EXC] : [EXC],
      digestAlgorithm: sha1
        ? 'http://www.w3.org/2000/09/xmldsig#sha1'
        : 'http://www.w3.org/2001/04/xmlenc#sha256',
    });
  signer.computeSignature(xml, { prefix: 'ds', location: at });
  return signer.getSignedXml();
}

/** @returns canonical text of what is signed, or undefined: not signed by that certificate */
export function verified(xml: string, signature: string, certificate: string): string[] | undefined {
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null });
  verifier.loadSignature(signature);
  try {
    return verifier.checkSignature(xml) ? verifier.getSignedReferences() : undefined;
  } catch {
    return undefined;
  }
}
