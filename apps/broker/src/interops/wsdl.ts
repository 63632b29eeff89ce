/** WSDL 1.1 of the service, SOAP 1.2, document/literal. What the header must hold is the convention's: docs/guides/interops.md. */
import { INTEROPS_XSD } from './interops-xsd.ts';

const OPERATIONS = [
  'Transmettre',
  'Interroger',
  'Accuser',
  'ConsulterTraces',
  'SignalerComportement',
] as const;

/** @param address where the caller reached the service */
export function wsdl(address: string): string {
  const each = (write: (name: string) => string) => OPERATIONS.map(write).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
    xmlns:io="urn:relais:interops:1" name="RelaisInterops" targetNamespace="urn:relais:interops:1">
  <wsdl:types>
${INTEROPS_XSD}
  </wsdl:types>
${each(
  (
    name,
  ) => `  <wsdl:message name="${name}Demande"><wsdl:part name="demande" element="io:${name}"/></wsdl:message>
  <wsdl:message name="${name}Reponse"><wsdl:part name="reponse" element="io:${name}Reponse"/></wsdl:message>`,
)}
  <wsdl:message name="Erreur"><wsdl:part name="erreur" element="io:Erreur"/></wsdl:message>
  <wsdl:portType name="Interops">
${each(
  (name) => `    <wsdl:operation name="${name}">
      <wsdl:input message="io:${name}Demande"/>
      <wsdl:output message="io:${name}Reponse"/>
      <wsdl:fault name="Erreur" message="io:Erreur"/>
    </wsdl:operation>`,
)}
  </wsdl:portType>
  <wsdl:binding name="InteropsSoap12" type="io:Interops">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each(
  (name) => `    <wsdl:operation name="${name}">
      <soap12:operation soapAction="urn:relais:interops:1:${name}" style="document"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
      <wsdl:fault name="Erreur"><soap12:fault name="Erreur" use="literal"/></wsdl:fault>
    </wsdl:operation>`,
)}
  </wsdl:binding>
  <wsdl:service name="RelaisInterops">
    <wsdl:port name="InteropsSoap12" binding="io:InteropsSoap12"><soap12:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
