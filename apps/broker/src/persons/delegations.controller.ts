import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { IsOptional, IsRFC3339, IsString, Length, Matches } from 'class-validator';
import type { Delegation, Person } from '#core';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { Delegations } from './delegations.ts';
import { CurrentPerson, PersonRoute } from './person-route.ts';

/** Exactly one of `delegate` and `account`; see DelegationOrder. */
export class DelegationBody {
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  delegate?: string;

  @IsOptional()
  @IsString()
  @Length(1, 255)
  account?: string;

  @IsOptional()
  @IsRFC3339()
  from?: string;

  @IsRFC3339()
  to!: string;
}

/** `/v1/delegations`, people port. */
@On('people')
@Controller('v1/delegations')
export class DelegationsController {
  constructor(private readonly delegations: Delegations) {}

  @Post()
  @PersonRoute({ roles: ['physician'] })
  record(@CurrentPerson() person: Person, @Body(JsonBody) body: DelegationBody): Promise<Delegation> {
    return this.delegations.record(person, body);
  }

  @Get()
  @PersonRoute({ delegation: false })
  list(@CurrentPerson() person: Person): Promise<readonly Delegation[]> {
    return this.delegations.list(person);
  }

  /** `200` and the record with its new end: nothing is deleted. */
  @Delete(':id')
  @PersonRoute({ roles: ['physician'] })
  end(@CurrentPerson() person: Person, @Param('id') id: string): Promise<Delegation> {
    return this.delegations.end(person, id);
  }
}
