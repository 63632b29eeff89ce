/** Before a body is read: may a new message come in at all, and does its sender keep to its share. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BrokerError, type Partner } from '#core';
import type { Admission } from '../admission/admission.ts';
import { BodyStream } from './body-stream.ts';
import type { ClientCertificates } from './client-certificates.ts';
import type { InFlight } from './in-flight.ts';
import { listenerOf } from './listeners.ts';
import { partnerOf } from './partner.ts';

/** Where something new comes in. Receipts, decisions, cancellations end what is under way: they go on. */
const INTAKE: ReadonlySet<string> = new Set([
  '/v1/messages',
  '/v1/insi/search',
  '/v1/insi/verify',
  '/v1/identity/search',
  '/v1/dmst-requests',
  '/v1/exchanges/:id/candidates',
  '/v1/incoming-requests/:id/candidates',
  '/v1/my/copy-requests',
  '/v1/employer/declarations',
]);

export interface Watch {
  admission: Admission;
  inFlight: InFlight;
  certificates: ClientCertificates;
}

export function watchWaysIn(fastify: FastifyInstance, { admission, inFlight, certificates }: Watch): void {
  fastify.addHook('onRequest', async (request, reply) => {
    inFlight.enter(request, reply, knownPartner(request, certificates));
    if (request.method !== 'POST' || !INTAKE.has(request.routeOptions.url ?? '')) return;
    try {
      admission.ask();
    } catch (error) {
      // the line closes with the answer: with its body unread, the sender would lose both
      if (admission.draining) await new BodyStream(request.raw, 0).drain();
      throw error;
    }
  });
  // whoever keeps a line to a process that ends goes to another one
  fastify.addHook('onSend', async (_request, reply) => {
    if (admission.draining) reply.header('connection', 'close');
  });
}

/** Who is refused is told so by the route, where there is one. */
function knownPartner(request: FastifyRequest, certificates: ClientCertificates): Partner | undefined {
  if (listenerOf(request) !== 'partners') return undefined;
  try {
    return partnerOf(request, certificates);
  } catch (error) {
    if (error instanceof BrokerError) return undefined;
    throw error;
  }
}
