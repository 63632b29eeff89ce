/**
 * One application, three listening sockets: partners (mutual TLS), people, health. A route says on which of them it
 * exists; on the others it is not found.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BrokerError } from '#core';

export type Listener = 'partners' | 'people' | 'health';

const LISTENER = Symbol('listener');
/** key of that metadata, for the documentation */
export const ON = 'relais:listeners';

/** Where a controller or one of its routes exists. */
export const On = (...listeners: Listener[]) => SetMetadata(ON, listeners);

export function listenerOf(request: FastifyRequest): Listener {
  return (request.raw as IncomingMessage & { [LISTENER]?: Listener })[LISTENER] ?? 'partners';
}

@Injectable()
export class ListenerGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const on = this.reflector.getAllAndOverride<Listener[] | undefined>(ON, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (on?.includes(listenerOf(request)) !== true) throw new BrokerError('not-found');
    return true;
  }
}

/** A second way into the same application. */
export function openListener(
  fastify: FastifyInstance,
  listener: Listener,
  tls?: { cert: string; key: string },
): Server {
  const handle = (request: IncomingMessage, response: Parameters<FastifyInstance['routing']>[1]) => {
    (request as IncomingMessage & { [LISTENER]?: Listener })[LISTENER] = listener;
    fastify.routing(request, response);
  };
  const server =
    tls === undefined
      ? createServer(handle)
      : (createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, handle) as unknown as Server);
  // longer than clients and proxies keep theirs: who closes first must not be us, in the middle of a question
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Takes no more connections. Those that stand are left: what comes over them is answered, and told to go elsewhere. */
export function stopListening(server: Server): void {
  // Server's own close() would also reset lines on which a request may be arriving at this very moment
  NetServer.prototype.close.call(server);
}

export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new BrokerError('configuration.invalid', { detail: `port ${port}: ${cause.code}`, cause })),
    );
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve((server.address() as AddressInfo).port);
    });
  });
}
