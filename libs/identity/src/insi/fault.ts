import type { XmlElement } from 'libxml2-wasm';
import { BrokerError } from '#core';
import { NAMESPACES, SIRAM } from './namespaces.ts';
import { only, optional, text } from './read-xml.ts';

/** INSi failed on this one request while its front door works: no reason to stop the others' calls. */
export class RequestFault extends BrokerError {}

/**
 * A SOAP fault of INSi as what must happen now (facts §1.4): `siram_100` is our configuration, `siram_40` passes
 * with time, anything else is for a person. The full list of codes is not public, so the rest goes by default.
 */
export function faultError(fault: XmlElement): BrokerError {
  const subcode = localName(subcodeOf(fault));
  const code = label(errorCodeOf(fault));
  const cause = new Error(`INSi fault ${subcode} ${code}`);
  if (subcode === 'siram_100') {
    return new BrokerError('insi.access-refused', {
      next: 'stop',
      detail: `Le téléservice INSi refuse l’accès (${code}) : mandat ou certificat à vérifier.`,
      cause,
    });
  }
  const Fault = code.startsWith('insi_') ? RequestFault : BrokerError;
  return new Fault('insi.unavailable', {
    next: subcode === 'siram_40' ? 'retry' : 'hold',
    detail: `Le téléservice INSi n’a pas pu répondre (${code}).`,
    cause,
  });
}

function subcodeOf(fault: XmlElement): string {
  const subcode = optional(only(fault, NAMESPACES.soap, 'Code'), NAMESPACES.soap, 'Subcode');
  return subcode === undefined ? '' : text(only(subcode, NAMESPACES.soap, 'Value'));
}

/** `severite` is not read: real faults say `fatal` where the XSD says `fatale`. */
function errorCodeOf(fault: XmlElement): string {
  const detail = optional(fault, NAMESPACES.soap, 'Detail');
  const error = detail && optional(detail, SIRAM, 'Erreur');
  return error?.attr('code')?.value ?? '';
}

function localName(qname: string): string {
  return label(qname.trim().replace(/^[^:]*:/, ''));
}

/** Only what looks like a code may be shown: the rest of a fault could repeat what was sent. */
function label(code: string): string {
  return /^[a-z]{1,12}_\d{1,6}$/i.test(code) ? code.toLowerCase() : 'sans code';
}
