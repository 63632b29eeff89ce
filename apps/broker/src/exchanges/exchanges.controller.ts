import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { IsIn } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { BrokerError, type Exchange, type ExchangeState, readsHealth, rewrite } from '#core';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { Delegations } from '../persons/delegations.ts';

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
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Delegations) private readonly delegations: Delegations,
  ) {}

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query('overdue') overdue: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const party = service(caller);
    const page = pageOf(limit, after);
    const late = overdue === undefined ? undefined : overdue === 'true';
    const exchanges = await this.engine.stages.records.exchanges({
      party,
      ...page,
      ...(late === undefined ? {} : { overdue: late }),
    });
    linkNext(reply, '/v1/exchanges', page, exchanges, late === undefined ? {} : { overdue: String(late) });
    const seen = await this.#visible(caller, exchanges);
    return seen.map((exchange) => seenBy(party, exchange));
  }

  @Get(':id')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    const party = service(caller);
    const [exchange] = await this.#visible(caller, [await this.#ofParty(party, id)]);
    if (exchange === undefined) throw new BrokerError('not-found');
    return seenBy(party, exchange);
  }

  /** The source says how far it is: its software, a health professional, or who acts under a delegation. */
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
    await this.#checkMayTell(caller);
    if (exchange.answerId !== undefined) throw new BrokerError('state.conflict');
    const { clock, unitOfWork } = this.engine.stages;
    // never in the journal, which auditors of all services export: it would tell whether a refusal hides a file
    await unitOfWork.commit([rewrite(exchange, clock.now(), { sourceState: state })]);
    return seenBy(party, { ...exchange, sourceState: state });
  }

  /** A person sees what their service must answer, and of what it asked only the requests open to them. */
  async #visible({ person }: Caller, exchanges: readonly Exchange[]): Promise<readonly Exchange[]> {
    if (person === undefined) return exchanges;
    const { authors } = await this.delegations.authorize(person);
    const visible = await Promise.all(
      exchanges.map(async ({ responder, groupId }) => {
        if (responder === person.partner) return true;
        const request = await this.engine.stages.records.dmstRequest(groupId ?? '');
        return request === undefined ? readsHealth(person) : authors.includes(request.author);
      }),
    );
    return exchanges.filter((_, i) => visible[i]);
  }

  /** Who looks for a worker's file: never an auditor, nor the vigilance cell. @throws BrokerError `role.not-allowed`, `delegation.missing` */
  async #checkMayTell({ person }: Caller): Promise<void> {
    if (person === undefined) return;
    const authority = await this.delegations.authorize(person);
    if (!readsHealth(person) && authority.person.delegationId === undefined)
      throw new BrokerError('role.not-allowed');
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
