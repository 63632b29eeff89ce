/** What people read of the API, at a machine that they may share, stays in no browser's cache: matricules and names are in it. */
import type { FastifyInstance } from 'fastify';
import { listenerOf } from './listeners.ts';

/** Unless the route says better. By the route, not by the address as it was written. */
export function keepOutOfCaches(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    const { url = '' } = request.routeOptions;
    const isPersonal = url.startsWith('/v1/') || url === '/auth/me';
    if (isPersonal && listenerOf(request) === 'people' && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store');
  });
}
