/** Which partner speaks: the client certificate's issuer and full subject DN name exactly one. */
import type { TLSSocket } from 'node:tls';
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BrokerError, type Partner } from '#core';
import { CLIENT_CERTIFICATES, RATE_LIMITS } from '../tokens.ts';
import type { ClientCertificates } from './client-certificates.ts';
import type { RateLimits } from './rate-limits.ts';

const PARTNER = Symbol('partner');
const NAMED = Symbol('named');
type Marked = FastifyRequest & { [PARTNER]?: Partner; [NAMED]?: Partner };

/** Named by its certificate, once a request. @throws BrokerError `client.*` */
export function partnerOf(request: FastifyRequest, certificates: ClientCertificates): Partner {
  const marked = request as Marked;
  marked[NAMED] ??= certificates.partnerOf(request.raw.socket as TLSSocket);
  return marked[NAMED];
}

/** Whose software speaks: named by its certificate, and within its rate. @throws BrokerError `client.*`, `rate.exceeded` */
export async function softwareOf(
  request: FastifyRequest,
  certificates: ClientCertificates,
  limits: RateLimits,
): Promise<Partner> {
  const partner = partnerOf(request, certificates);
  await limits.spend(partner);
  return partner;
}

@Injectable()
export class PartnerGuard implements CanActivate {
  constructor(
    @Inject(CLIENT_CERTIFICATES) private readonly certificates: ClientCertificates,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Marked>();
    request[PARTNER] = await softwareOf(request, this.certificates, this.limits);
    return true;
  }
}

/** Only for a partner's software, by its certificate. */
export const PartnerRoute = () => applyDecorators(UseGuards(PartnerGuard));

export const CurrentPartner = createParamDecorator((_: unknown, context: ExecutionContext): Partner => {
  const partner = context.switchToHttp().getRequest<Marked>()[PARTNER];
  if (partner === undefined) throw new BrokerError('client.unauthenticated');
  return partner;
});
