/** A SOAP answer of the DMP, taken apart: the element of its body, or what its fault means. */
import type { XmlElement } from 'libxml2-wasm';
import { BrokerError } from '#core';
import { readSoapMessage } from '../soap/multipart.ts';
import { children, only, optional, readXml, textOf, unreadable } from '../soap/read-xml.ts';
import { RS, SOAP12 } from './namespaces.ts';
import type { HttpAnswer } from './post.ts';

const STATUS = 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:';
const ERROR = 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error';
/** codes are shown to operators: none that could hold something else */
const CODE = /^[A-Za-z0-9:._-]{1,80}$/;

/** @throws BrokerError by the fault's code, or `transport.bad-answer`, `xml.doctype` */
export async function readBody<T>(
  { contentType, bytes }: HttpAnswer,
  read: (element: XmlElement) => T,
): Promise<T> {
  const { envelope } = await readSoapMessage(contentType, bytes);
  return readXml(envelope, (root) => {
    if (root.name !== 'Envelope' || root.namespaceUri !== SOAP12) throw unreadable();
    const body = only(root, SOAP12, 'Body');
    const fault = optional(body, SOAP12, 'Fault');
    if (fault !== undefined) throw faultOf(fault);
    return read(body);
  });
}

export interface RegistryAnswer {
  isSuccess: boolean;
  /** codes of its errors; warnings are left out */
  errors: readonly string[];
}

export function registryResponse(body: XmlElement): RegistryAnswer {
  const response = only(body, RS, 'RegistryResponse');
  const status = response.attr('status')?.value;
  const list = optional(response, RS, 'RegistryErrorList');
  const errors = (list === undefined ? [] : children(list, RS, 'RegistryError'))
    .filter((one) => one.attr('severity')?.value === ERROR || one.attr('severity') === null)
    .map((one) => one.attr('errorCode')?.value ?? '');
  if (errors.some((code) => !CODE.test(code))) throw unreadable();
  const isSuccess = status === `${STATUS}Success`;
  // each says the contrary of the other, or nothing
  if (isSuccess !== (errors.length === 0)) throw unreadable();
  if (!isSuccess && status !== `${STATUS}Failure`) throw unreadable();
  return { isSuccess, errors };
}

/** Receiver: its own trouble, may pass later. Sender: our call or credentials, which a repeat does not mend. */
function faultOf(fault: XmlElement): BrokerError {
  const code = only(fault, SOAP12, 'Code');
  const value = local(textOf(only(code, SOAP12, 'Value')));
  const subcode = optional(code, SOAP12, 'Subcode');
  const detail = subcode === undefined ? value : local(textOf(only(subcode, SOAP12, 'Value')));
  if (!CODE.test(detail)) throw unreadable();
  return value === 'Receiver'
    ? new BrokerError('transport.unreachable', { detail: `SOAP ${detail}` })
    : new BrokerError('transport.refused', { next: 'stop', detail: `SOAP ${detail}` });
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
