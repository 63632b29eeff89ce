import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { BrokerError, type Clock, type Directory, type Person } from '#core';
import type { Store } from '#storage';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { CLOCK, DIRECTORY, STORE } from '../tokens.ts';
import { HeldService, type OfService } from './held.service.ts';
import { type HeldStatistics, heldStatistics } from './held-statistics.ts';
import { only } from './only.ts';

class DecisionBody {
  @IsIn(['release', 'refuse'])
  verdict!: 'release' | 'refuse';

  @IsString()
  @MaxLength(8)
  evidence!: string;

  @IsString()
  @MinLength(3)
  @MaxLength(500)
  reason!: string;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

/** The identity-vigilance cell of a service: its own doubts, and no other's. */
@On('people')
@AnyoneRoute()
@Controller('v1/operations/held')
export class HeldController {
  constructor(
    @Inject(HeldService) private readonly held: HeldService,
    @Inject(STORE) private readonly store: Store,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DIRECTORY) private readonly directory: Directory,
  ) {}

  @Get()
  list(@CurrentCaller() caller: Caller): Promise<object[]> {
    return this.held.list(ofService(only(caller, 'vigilance')));
  }

  @Get('statistics')
  async statistics(@CurrentCaller() caller: Caller, @Query('days') days: unknown): Promise<HeldStatistics> {
    const { partner } = ofService(only(caller, 'vigilance', 'auditor'));
    const to = this.clock.now();
    const from = new Date(to.getTime() - daysOf(days) * DAY_MS);
    const { operations } = this.store;
    const waiting = await operations.waitingDoubts(partner);
    const settled = await operations.settledDoubts(partner, from.toISOString());
    return heldStatistics(waiting, settled, { from, to }, (id) => this.directory.partner(id)?.name);
  }

  @Post(':id/decision')
  @HttpCode(200)
  decide(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) decision: DecisionBody,
  ): Promise<object> {
    return this.held.decide(ofService(only(caller, 'vigilance')), id, decision);
  }
}

function ofService(person: Person): OfService {
  if (person.partner === undefined) throw new BrokerError('role.not-allowed');
  return { ...person, partner: person.partner };
}

function daysOf(given: unknown): number {
  const days = given === undefined ? 30 : Number(given);
  if (given === '' || !Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new BrokerError('event.malformed', { detail: `Paramètre days : de 1 à ${MOST_DAYS}.` });
  return days;
}
