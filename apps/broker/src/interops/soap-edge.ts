/** The SOAP edge: a failure leaves as a fault, with the same code as anywhere else. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrokerError } from '#core';
import { faultEnvelope, type VectorFault, VectorRefused } from '#transports';

export const SOAP = 'application/soap+xml; charset=utf-8';
export const SOAP_ROUTE = '/interops/v1';

/** What the standards call some of our codes, beside those that a vector's refusal names itself. */
const SUBCODES: Readonly<Record<string, VectorFault>> = {
  'xml.signature-invalid': 'wsse:FailedCheck',
  'xml.encryption-invalid': 'wsse:FailedCheck',
  'flow.not-allowed': 'io:DroitsInsuffisants',
};

export function isSoap(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.routeOptions.url === SOAP_ROUTE;
}

/** SOAP 1.2, HTTP binding: 400 where the sender must change something; 5xx else. */
export function sendFault(error: BrokerError, instance: string, reply: FastifyReply): void {
  const bySender = error.next === 'reject';
  const subcode = error instanceof VectorRefused ? error.fault : SUBCODES[error.code];
  const xml = faultEnvelope({
    by: bySender ? 'Sender' : 'Receiver',
    code: error.code,
    reason: error.title,
    instance,
    findings: error.findings,
    ...(subcode === undefined ? {} : { subcode }),
  });
  reply
    .status(bySender ? 400 : error.status === 503 || error.status === 429 ? error.status : 500)
    .type(SOAP)
    .send(xml);
}
