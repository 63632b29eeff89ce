import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { BrokerError } from '#core';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { Delegations } from '../persons/delegations.ts';
import { type Carer, carerOf } from './carer.ts';
import { Decisions, REASONS, type Refusal } from './decisions.ts';
import { depositOf } from './deposit-of.ts';
import { IncomingRequests } from './incoming-requests.ts';
import { Proposals } from './proposals.ts';

class ReleaseBody {
  @IsString()
  @MaxLength(64)
  candidate!: string;

  @IsOptional()
  @IsBoolean()
  identityConfirmed?: boolean;
}

class RefusalBody {
  @IsIn(REASONS)
  code!: Refusal['code'];

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  detail?: string;
}

/** The people of a source service, at its pages. */
@On('people')
@AnyoneRoute()
@Controller('v1/incoming-requests')
export class IncomingController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Delegations) private readonly delegations: Delegations,
    @Inject(IncomingRequests) private readonly requests: IncomingRequests,
    @Inject(Proposals) private readonly proposals: Proposals,
    @Inject(Decisions) private readonly decisions: Decisions,
  ) {}

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query('state') state: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const carer = await this.#carer(caller);
    if (state !== undefined && state !== 'open' && state !== 'all') throw new BrokerError('event.malformed');
    const page = pageOf(limit, after);
    const found = await this.requests.list(carer, state !== 'all', page);
    linkNext(reply, '/v1/incoming-requests', page, found, state === undefined ? {} : { state });
    return found;
  }

  @Get(':id')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    return this.requests.one(await this.#carer(caller), id);
  }

  @Post(':id/candidates')
  @HttpCode(201)
  async propose(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('relais-lastvisit') lastVisit: string | undefined,
    @Headers('relais-label') label: string | undefined,
    @Body() body: Buffer | undefined,
  ): Promise<object> {
    const { person, partner } = await this.#carer(caller);
    const { delegationId } = person;
    return this.proposals.deposit(partner, id, depositOf(body, { lastVisit, label }), {
      actor: `person:${person.pseudonym}`,
      ...(delegationId === undefined ? {} : { delegation: delegationId }),
    });
  }

  @Post(':id/release')
  @HttpCode(200)
  async release(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) { candidate, identityConfirmed = false }: ReleaseBody,
  ): Promise<object> {
    const carer = await this.#carer(caller);
    await this.decisions.release(carer, id, candidate, identityConfirmed);
    await this.requests.settled(carer, id);
    return this.requests.one(carer, id);
  }

  @Post(':id/refuse')
  @HttpCode(200)
  async refuse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) refusal: RefusalBody,
  ): Promise<object> {
    const carer = await this.#carer(caller);
    await this.decisions.refuse(carer, id, refusal);
    await this.requests.settled(carer, id);
    return this.requests.one(carer, id);
  }

  #carer(caller: Caller): Promise<Carer> {
    return carerOf(caller, this.delegations, this.engine.stages.directory);
  }
}
