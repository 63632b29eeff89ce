import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Person } from '#core';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { CurrentPerson, PersonRoute } from '../persons/person-route.ts';
import { CopyRequestBody } from './own-bodies.ts';
import { Readers } from './reader.ts';
import { WorkerSpace } from './worker.service.ts';

/** `/v1/my`, people port: a worker signed in at a portal that has its pages here. Nobody else, whatever their role. */
@On('people')
@PersonRoute({ roles: ['worker'], delegation: false })
@Controller('v1/my')
export class WorkerController {
  constructor(
    @Inject(WorkerSpace) private readonly space: WorkerSpace,
    @Inject(Readers) private readonly readers: Readers,
  ) {}

  /** Where a copy may be asked. */
  @Get('services')
  services(): object[] {
    return this.space.services();
  }

  @Get('views')
  @Header('cache-control', 'no-store')
  async views(
    @CurrentPerson() person: Person,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const page = pageOf(limit, after);
    const views = await this.space.views(this.readers.worker(person), page);
    linkNext(reply, '/v1/my/views', page, views);
    return views;
  }

  @Get('views/:id')
  @Header('cache-control', 'no-store')
  view(@CurrentPerson() person: Person, @Param('id') id: string): Promise<object> {
    return this.space.view(this.readers.worker(person), id);
  }

  /** The person reads it: journalled, and told to the service as the proof that it was read. */
  @Get('views/:id/documents/:documentId.pdf')
  async document(
    @CurrentPerson() person: Person,
    @Param('id') id: string,
    @Param('documentId') documentId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pdf = await this.space.document(this.readers.worker(person), id, documentId);
    await reply
      .type('application/pdf')
      .header('content-disposition', 'inline; filename="document.pdf"')
      .header('cache-control', 'no-store')
      .send(pdf);
  }

  @Get('accesses')
  @Header('cache-control', 'no-store')
  accesses(@CurrentPerson() person: Person): Promise<object> {
    return this.space.accesses(this.readers.worker(person));
  }

  @Post('copy-requests')
  @HttpCode(202)
  ask(@CurrentPerson() person: Person, @Body(JsonBody) body: CopyRequestBody): Promise<object> {
    const { channel = 'ELECTRONIQUE', ...order } = body;
    return this.space.ask(this.readers.worker(person), { ...order, channel });
  }

  @Get('copy-requests')
  @Header('cache-control', 'no-store')
  requests(@CurrentPerson() person: Person): Promise<object[]> {
    return this.space.requests(this.readers.worker(person));
  }
}
