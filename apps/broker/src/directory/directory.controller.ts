import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Directory, DirectoryService, Partner } from '#core';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { DIRECTORY } from '../tokens.ts';
import { KnownServices, listedId, reachable } from './known-services.ts';

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1')
export class DirectoryController {
  constructor(
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(KnownServices) private readonly known: KnownServices,
  ) {}

  @Get('partners')
  partners(): object[] {
    return this.directory.all().map(card);
  }

  /**
   * SPSTI, for the choice of the source service by hand: by name, id, SIRET or FINESS, accents and case ignored. A person
   * chooses: nothing is ever chosen here, and only a partner may be asked.
   */
  @Get('directory/services')
  async services(
    @CurrentCaller() { service }: Caller,
    @Query('q') q: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const found = await this.known.find(typeof q === 'string' ? q : '', service);
    reply.header('relais-directories', found.directories);
    return [
      ...found.partners.map((partner) => ({ ...card(partner), reachable: 'relais' })),
      ...found.listed.map(listed),
    ];
  }
}

function card({ id, kind, name, flows, siret }: Partner): object {
  return { id, kind, name, flows, ...(siret === undefined ? {} : { siret }) };
}

/** The same members, and no flow: it is not here to speak. */
function listed(service: DirectoryService): object {
  const { name, siret, finess, mailboxes, readAt } = service;
  return {
    id: listedId(service),
    ...{ kind: 'spsti', name, flows: [] },
    ...(siret === undefined ? {} : { siret }),
    ...(finess === undefined ? {} : { finess }),
    reachable: reachable(service),
    mailboxes,
    readAt,
  };
}
