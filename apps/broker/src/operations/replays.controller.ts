/** What an operator does about dead deliveries, and the lists of what waits for somebody. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsRFC3339,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { FastifyReply } from 'fastify';
import { type DeadFilter, Replay, type ReplayedDelivery } from '#core';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { deliveryView } from '../messages/messages.service.ts';
import { only } from './only.ts';

class ReplayFilter {
  @IsOptional()
  @IsString()
  @MaxLength(64)
  messageId?: string;

  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/)
  flow?: string;

  @IsOptional()
  @Matches(/^[a-z0-9:-]{1,80}$/)
  partner?: string;

  @IsOptional()
  @IsRFC3339()
  from?: string;

  @IsOptional()
  @IsRFC3339()
  to?: string;

  @IsOptional()
  @IsIn(['dead'])
  state?: 'dead';
}

class ReplayBody {
  @IsObject()
  @ValidateNested()
  @Type(() => ReplayFilter)
  filter!: ReplayFilter;

  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;

  @IsOptional()
  @IsString()
  reason?: string;
}

class CloseBody {
  @IsString()
  reason!: string;
}

@On('people')
@AnyoneRoute()
@Controller('v1/operations')
export class ReplaysController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Replay) private readonly replays: Replay,
  ) {}

  /** Nothing is sent by accident: without `dryRun: false` it only tells. */
  @Post('replays')
  @HttpCode(200)
  async replay(
    @CurrentCaller() caller: Caller,
    @Body(JsonBody) { filter, dryRun = true, reason }: ReplayBody,
  ): Promise<object> {
    const { pseudonym } = only(caller, 'operator');
    const { deliveries, ...counts } = await this.replays.run({
      filter: deadFilter(filter),
      dryRun,
      reason: reason ?? '',
      actor: `person:${pseudonym}`,
    });
    return { ...counts, deliveries: deliveries.map(replayView) };
  }

  @Post('deliveries/:id/close')
  @HttpCode(200)
  async close(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) { reason }: CloseBody,
  ): Promise<object> {
    const { pseudonym } = only(caller, 'operator');
    const closed = await this.replays.close(id, { reason, actor: `person:${pseudonym}` });
    return { messageId: closed.messageId, flow: closed.flow, ...deliveryView(closed) };
  }

  /** Exchanges of every service that are late and still awaited. */
  @Get('overdue')
  async overdue(
    @CurrentCaller() caller: Caller,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    only(caller, 'operator');
    const page = pageOf(limit, after);
    const late = await this.engine.stages.records.exchanges({ overdue: true, ...page });
    linkNext(reply, '/v1/operations/overdue', page, late);
    return late.map(
      ({ id, flow, requestId, requester, responder, state, openedAt, deadline, expiresAt }) => ({
        id,
        flow,
        requestId,
        requester,
        responder,
        state,
        openedAt,
        deadline,
        expiresAt,
      }),
    );
  }

  /** What waits for an identity-vigilance cell: whose, since when and why; never whom it is about. */
  @Get('undecided')
  async undecided(@CurrentCaller() caller: Caller): Promise<object[]> {
    only(caller, 'operator');
    const { records } = this.engine.stages;
    const held = await records.heldOf();
    return Promise.all(
      held.map(async ({ id, messageId, partner, reasons, heldAt }) => {
        const message = await records.message(messageId);
        return { id, messageId, partner, reasons, heldAt, ...(message && { flow: message.flow }) };
      }),
    );
  }
}

function deadFilter({ from, to, ...exact }: ReplayFilter): DeadFilter {
  const text = (instant: string) => new Date(instant).toISOString();
  return {
    ...exact,
    ...(from === undefined ? {} : { from: text(from) }),
    ...(to === undefined ? {} : { to: text(to) }),
  };
}

function replayView({ delivery, replay, code, runAt }: ReplayedDelivery): object {
  const { id, messageId, flow, recipient, attempts, createdAt, expiresAt, lastError } = delivery;
  return {
    id,
    messageId,
    flow,
    recipient,
    attempts,
    createdAt,
    expiresAt,
    ...(lastError === undefined ? {} : { lastError }),
    replay,
    ...(code === undefined ? {} : { code }),
    ...(runAt === undefined ? {} : { runAt }),
  };
}
