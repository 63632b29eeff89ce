export const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
export const RS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';
export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** By the prefix under which an envelope declares them. */
export const NAMESPACES = {
  soap: SOAP12,
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  saml2: 'urn:oasis:names:tc:SAML:2.0:assertion',
  hl7: 'urn:hl7-org:v3',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xdsb: 'urn:ihe:iti:xds-b:2007',
  xop: 'http://www.w3.org/2004/08/xop/include',
} as const;
