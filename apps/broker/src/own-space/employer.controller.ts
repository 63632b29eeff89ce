import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Person } from '#core';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, pageOf } from '../http/page.ts';
import { CurrentPerson, PersonRoute } from '../persons/person-route.ts';
import { EmployerSpace } from './employer.service.ts';
import { DeclarationBody, DeclarationCheckBody } from './own-bodies.ts';
import { Readers } from './reader.ts';

/** `/v1/employer`, people port: an employer signed in for one establishment, at a portal that has its pages here. */
@On('people')
@PersonRoute({ roles: ['employer'], delegation: false })
@Controller('v1/employer')
export class EmployerController {
  constructor(
    @Inject(EmployerSpace) private readonly space: EmployerSpace,
    @Inject(Readers) private readonly readers: Readers,
  ) {}

  /** To which one may declare. */
  @Get('services')
  services(): object[] {
    return this.space.services();
  }

  @Get('publications')
  @Header('cache-control', 'no-store')
  async publications(
    @CurrentPerson() person: Person,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const page = pageOf(limit, after);
    const publications = await this.space.publications(this.readers.employer(person), page);
    linkNext(reply, '/v1/employer/publications', page, publications);
    return publications;
  }

  /** The employer reads it: journalled, and told to the service as the proof that it was read. */
  @Get('publications/:id')
  @Header('cache-control', 'no-store')
  publication(@CurrentPerson() person: Person, @Param('id') id: string): Promise<object> {
    return this.space.publication(this.readers.employer(person), id);
  }

  @Post('declarations/check')
  @HttpCode(200)
  check(@CurrentPerson() person: Person, @Body(JsonBody) body: DeclarationCheckBody): object {
    return this.space.check(this.readers.employer(person), body);
  }

  @Post('declarations')
  @HttpCode(202)
  declare(@CurrentPerson() person: Person, @Body(JsonBody) body: DeclarationBody): Promise<object> {
    return this.space.declare(this.readers.employer(person), body);
  }

  @Get('declarations')
  @Header('cache-control', 'no-store')
  declarations(@CurrentPerson() person: Person): Promise<object[]> {
    return this.space.declarations(this.readers.employer(person));
  }

  @Get('declarations/:id')
  @Header('cache-control', 'no-store')
  declaration(@CurrentPerson() person: Person, @Param('id') id: string): Promise<object> {
    return this.space.declaration(this.readers.employer(person), id);
  }
}
