import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BrokerError, type DeliveryState, type OperationsRecords, recordEntry, write } from '#core';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { deliveryView } from '../messages/messages.service.ts';
import { STORE } from '../tokens.ts';
import { journalExport } from './journal-export.ts';
import { Jwks } from './jwks.ts';
import { only, seesAll } from './only.ts';

const STATES: readonly DeliveryState[] = [
  'queued',
  'available',
  'sending',
  'delivered',
  'retrying',
  'refused',
  'dead',
  'expired',
  'cancelled',
];

@On('people')
@AnyoneRoute()
@Controller('v1')
export class OperationsController {
  readonly #operations: OperationsRecords;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Jwks) private readonly jwks: Jwks,
  ) {
    this.#operations = store.operations;
  }

  /** Operators see what moves, never whom it is about. */
  @Get('operations/deliveries')
  async deliveries(
    @CurrentCaller() caller: Caller,
    @Query('state') state: string | undefined,
    @Query('recipient') recipient: string | undefined,
    @Query('flow') flow: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    only(caller, 'operator');
    const known = STATES.find((one) => one === state);
    if (state !== undefined && known === undefined) throw new BrokerError('event.malformed');
    const filter = {
      ...(known === undefined ? {} : { state: known }),
      ...(recipient === undefined ? {} : { recipient }),
      ...(flow === undefined ? {} : { flow }),
    };
    const page = pageOf(limit, after);
    const deliveries = await this.#operations.deliveriesIn({ ...filter, ...page });
    linkNext(reply, '/v1/operations/deliveries', page, deliveries, filter);
    return deliveries.map((delivery) => ({
      messageId: delivery.messageId,
      flow: delivery.flow,
      ...deliveryView(delivery),
    }));
  }

  /** NDJSON for `relais journal verify`; it ends with a seal made for it, which takes who asked for it too. */
  @Get('journal/export')
  async export(@CurrentCaller() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    const { clock, directory, ids, unitOfWork } = this.engine.stages;
    const { partner, pseudonym, role } = seesAll(caller, directory);
    const entry = recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind: 'journal.exported',
      actor: `person:${pseudonym}`,
      details: { role, ...(partner === undefined ? {} : { partner }) },
    });
    await unitOfWork.commit([write('journal.entry', { entry })]);
    await reply
      .type('application/x-ndjson')
      .header('content-disposition', 'attachment; filename="journal.ndjson"')
      .send(
        Readable.from(
          journalExport(this.store.journal, this.jwks.signingKeys(), () => this.engine.sealer.sealAll()),
        ),
      );
  }
}
