import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { listenerOf } from '../http/listeners.ts';
import type { ClientCertificate } from './person-of-request.ts';

/** undefined elsewhere than on the partners port. @throws BrokerError `client.*` */
export function certificateOf(
  request: FastifyRequest,
  certificates: ClientCertificates,
): ClientCertificate | undefined {
  if (listenerOf(request) !== 'partners') return undefined;
  const socket = request.raw.socket as TLSSocket;
  return { partner: certificates.partnerOf(socket).id, thumbprint: certificates.thumbprintOf(socket) };
}
