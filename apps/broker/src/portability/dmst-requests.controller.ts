import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { Delegations } from '../persons/delegations.ts';
import { askerOf } from './asker.ts';
import { CancelBody, DmstRequestBody } from './dmst-request.dto.ts';
import { DmstRequestsService } from './dmst-requests.service.ts';
import { requestEvents } from './request-events.ts';

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1/dmst-requests')
export class DmstRequestsController {
  constructor(
    @Inject(DmstRequestsService) private readonly requests: DmstRequestsService,
    @Inject(Delegations) private readonly delegations: Delegations,
  ) {}

  @Post()
  @HttpCode(202)
  async create(@CurrentCaller() caller: Caller, @Body(JsonBody) body: DmstRequestBody): Promise<object> {
    const asker = await askerOf(caller, this.delegations);
    return this.requests.create(asker, body);
  }

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const asker = await askerOf(caller, this.delegations);
    const page = pageOf(limit, after);
    const requests = await this.requests.list(asker, page);
    linkNext(reply, '/v1/dmst-requests', page, requests);
    return requests;
  }

  @Get(':id')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    return this.requests.one(await askerOf(caller, this.delegations), id);
  }

  /** Its life, live: an event each time that its view changes, until the reader goes or the process ends. */
  @Get(':id/events')
  async events(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = async () => this.requests.one(await askerOf(caller, this.delegations), id);
    // who may not see it is told so by a problem, not by a stream that ends
    await view();
    const events = requestEvents({ view, lastEventId, stopping: () => this.requests.stopping });
    await reply
      .type('text/event-stream')
      .header('cache-control', 'no-store')
      .send(Readable.from(events, { objectMode: false }));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(JsonBody) { reason }: CancelBody,
  ): Promise<object> {
    return this.requests.cancel(await askerOf(caller, this.delegations), id, reason);
  }

  @Get(':id/summary.pdf')
  async summary(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pdf = await this.requests.summary(await askerOf(caller, this.delegations), id);
    await reply
      .type('application/pdf')
      .header('content-disposition', 'inline; filename="synthese.pdf"')
      .header('cache-control', 'no-store')
      .send(pdf);
  }
}
