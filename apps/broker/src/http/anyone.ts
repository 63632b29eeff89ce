/** Routes that partners' software and people share: the caller is a partner, a person, or a person carried by a partner's software. */
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
import { BrokerError, isStaff, type Partner, type PartnerId, type Person } from '#core';
import { PersonOfRequest } from '../persons/person-of-request.ts';
import { CLIENT_CERTIFICATES, RATE_LIMITS } from '../tokens.ts';
import type { ClientCertificates } from './client-certificates.ts';
import { listenerOf } from './listeners.ts';
import { softwareOf } from './partner.ts';
import type { RateLimits } from './rate-limits.ts';

export interface Caller {
  /** the service that speaks, or that the person works for; absent for operators only */
  service?: PartnerId;
  partner?: Partner;
  person?: Person;
}

const CALLER = Symbol('caller');
type Marked = FastifyRequest & { [CALLER]?: Caller };

@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(CLIENT_CERTIFICATES) private readonly certificates: ClientCertificates,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
    @Inject(PersonOfRequest) private readonly persons: PersonOfRequest,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Marked>();
    request[CALLER] =
      listenerOf(request) === 'partners' ? await this.#software(request) : await this.#person(request);
    return true;
  }

  async #software(request: FastifyRequest): Promise<Caller> {
    const partner = await softwareOf(request, this.certificates, this.limits);
    if (request.headers.authorization === undefined) return { service: partner.id, partner };
    const person = await this.#staff(request);
    return { service: partner.id, partner, person };
  }

  async #person(request: FastifyRequest): Promise<Caller> {
    const person = await this.#staff(request);
    return { person, ...(person.partner === undefined ? {} : { service: person.partner }) };
  }

  /** Workers and employers have routes of their own (own-space/): what a partner sees is not theirs. */
  async #staff(request: FastifyRequest): Promise<Person> {
    const person = await this.persons.person(request);
    if (!isStaff(person)) throw new BrokerError('role.not-allowed');
    return person;
  }
}

export const AnyoneRoute = () => applyDecorators(UseGuards(CallerGuard));

/** undefined before the guard, and on other routes */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return (request as Marked)[CALLER];
}

export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (caller === undefined) throw new BrokerError('person.unauthenticated');
  return caller;
});
