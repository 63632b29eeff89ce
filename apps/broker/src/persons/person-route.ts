import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { BrokerError, type Person, type Role, STAFF } from '#core';
import { type Authority, Delegations } from './delegations.ts';
import { PersonOfRequest } from './person-of-request.ts';

export interface PersonRouteOptions {
  /** who may; absent = whoever works in a service or runs Relais */
  roles?: readonly Role[];
  /** false: staff without a delegation may too, for what concerns only themselves */
  delegation?: boolean;
}

type PersonRequest = FastifyRequest & { authority?: Authority };

const OPTIONS = 'relais:person-route';

/** Resolves the person, checks role and delegation; staff names the delegation by the header `Relais-Delegation`. */
@Injectable()
export class PersonGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly persons: PersonOfRequest,
    private readonly delegations: Delegations,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const options: PersonRouteOptions = this.reflector.getAllAndOverride(OPTIONS, targets) ?? {};
    const request = context.switchToHttp().getRequest<PersonRequest>();
    const person = await this.persons.person(request);
    const { roles = STAFF } = options;
    if (!roles.includes(person.role)) throw new BrokerError('role.not-allowed');
    const under = request.headers['relais-delegation'];
    request.authority =
      options.delegation === false
        ? await this.delegations.authorityOf(person)
        : await this.delegations.authorize(person, typeof under === 'string' ? under : undefined);
    return true;
  }
}

/** A route, or a controller, for persons: `@PersonRoute({ roles: ['physician'] })`. */
export function PersonRoute(options: PersonRouteOptions = {}): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(OPTIONS, options), UseGuards(PersonGuard));
}

/** `person`, with `delegationId` when staff acts under one. */
export const CurrentPerson = createParamDecorator(
  (_: unknown, context: ExecutionContext): Person => authority(context).person,
);

/** Person, delegations in force, and whose requests they see. */
export const CurrentAuthority = createParamDecorator((_: unknown, context: ExecutionContext) =>
  authority(context),
);

/** undefined before the guard, and on other routes */
export function authorityOf(request: FastifyRequest): Authority | undefined {
  return (request as PersonRequest).authority;
}

function authority(context: ExecutionContext): Authority {
  const found = authorityOf(context.switchToHttp().getRequest<FastifyRequest>());
  // a route that asks for a person without @PersonRoute is open to everybody: ours to correct
  if (found === undefined) throw new BrokerError('internal');
  return found;
}
