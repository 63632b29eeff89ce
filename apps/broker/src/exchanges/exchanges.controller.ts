import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { IsIn } from 'class-validator';
import { BrokerError, type Exchange, type ExchangeState, recordEntry, rewrite, write } from '#core';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';

/** What the source tells of its own work; B never sees it. */
const PROGRESS = ['MATCHED', 'NOT_FOUND', 'AMBIGUOUS', 'PREPARED'] as const;

class ProgressBody {
  @IsIn(PROGRESS)
  state!: (typeof PROGRESS)[number];
}

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1/exchanges')
export class ExchangesController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query('overdue') overdue: string | undefined,
  ): Promise<object[]> {
    const party = service(caller);
    const exchanges = await this.engine.stages.records.exchanges({
      party,
      ...(overdue === undefined ? {} : { overdue: overdue === 'true' }),
    });
    return exchanges.map((exchange) => seenBy(party, exchange));
  }

  @Get(':id')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    const party = service(caller);
    return seenBy(party, await this.#ofParty(party, id));
  }

  /** The source's software says how far it is. */
  @Post(':id/progress')
  @HttpCode(200)
  async progress(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) { state }: ProgressBody,
  ): Promise<object> {
    const party = service(caller);
    const exchange = await this.#ofParty(party, id);
    if (exchange.responder !== party) throw new BrokerError('not-found');
    if (exchange.answerId !== undefined) throw new BrokerError('state.conflict');
    const { clock, ids, unitOfWork } = this.engine.stages;
    const now = clock.now();
    const entry = recordEntry({
      id: ids.next(),
      at: now.toISOString(),
      kind: 'exchange.progress',
      actor: party,
      exchangeId: id,
      flow: exchange.flow,
      details: { state },
    });
    await unitOfWork.commit([
      rewrite(exchange, now, { sourceState: state }),
      write('journal.entry', { entry }),
    ]);
    return seenBy(party, { ...exchange, sourceState: state });
  }

  async #ofParty(party: string, id: string): Promise<Exchange> {
    const exchange = await this.engine.stages.records.exchange(id);
    if (exchange === undefined || (exchange.requester !== party && exchange.responder !== party)) {
      throw new BrokerError('not-found');
    }
    return exchange;
  }
}

function service({ service: party }: Caller): string {
  if (party === undefined) throw new BrokerError('role.not-allowed');
  return party;
}

/** The last four states are the source's alone, and only the public refusal leaves it. */
function seenBy(party: string, exchange: Exchange): object {
  const {
    id,
    flow,
    requestId,
    requester,
    responder,
    openedAt,
    acknowledgeBy,
    deadline,
    reminderAt,
    expiresAt,
    overdue,
    refusal,
    updatedAt,
  } = exchange;
  const state: ExchangeState =
    party === responder ? (exchange.sourceState ?? exchange.state) : exchange.state;
  return {
    id,
    flow,
    requestId,
    requester,
    responder,
    state,
    openedAt,
    acknowledgeBy,
    deadline,
    reminderAt,
    expiresAt,
    overdue,
    // when it last moved would tell the requester of a refusal before the common tick
    ...(party === responder ? { subjectRef: exchange.subjectRef, updatedAt } : {}),
    ...(refusal === undefined ? {} : { refusal }),
  };
}
