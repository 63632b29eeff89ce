/** Answers of the DMP, as text: nothing in them comes from a request. */
import type { LotFault } from './check-lot.ts';
import type { DossierState } from './registry.ts';
import { NS } from './xml.ts';

const RS = 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0';
const STATUS = 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType';
const SEVERITY = 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType';

export const SOAP = 'application/soap+xml; charset=UTF-8';

export function registryResponse(faults: readonly LotFault[]): string {
  const errors = faults.map(
    ({ errorCode, context }) =>
      `<rs:RegistryError errorCode="${errorCode}" codeContext="${context}" severity="${SEVERITY}:Error" location=""/>`,
  );
  return faults.length === 0
    ? soap(`<rs:RegistryResponse xmlns:rs="${RS}" status="${STATUS}:Success"/>`)
    : soap(
        `<rs:RegistryResponse xmlns:rs="${RS}" status="${STATUS}:Failure"><rs:RegistryErrorList highestSeverity="${SEVERITY}:Error">${errors.join('')}</rs:RegistryErrorList></rs:RegistryResponse>`,
      );
}

export function dossierState(state: DossierState): string {
  return soap(`<ex:DossierStateResponse xmlns:ex="${NS.ex}" state="${state}"/>`);
}

export function soapFault(code: 'Sender' | 'Receiver', subcode: string): string {
  return soap(
    `<soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value><soap:Subcode><soap:Value xmlns:wsse="${NS.wsse}">wsse:${subcode}</soap:Value></soap:Subcode></soap:Code><soap:Reason><soap:Text xml:lang="fr">Refus</soap:Text></soap:Reason></soap:Fault>`,
  );
}

function soap(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${NS.soap}"><soap:Header/><soap:Body>${body}</soap:Body></soap:Envelope>`;
}
