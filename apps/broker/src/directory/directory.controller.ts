import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Directory, DirectoryService, Partner } from '#core';
import type { Store } from '#storage';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { Delegations } from '../persons/delegations.ts';
import { askerOf } from '../portability/asker.ts';
import { DIRECTORY, STORE } from '../tokens.ts';
import { KnownServices, listedId, reachable } from './known-services.ts';
import { recentSources } from './recent-sources.ts';

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1')
export class DirectoryController {
  constructor(
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(KnownServices) private readonly known: KnownServices,
    @Inject(Delegations) private readonly delegations: Delegations,
    @Inject(STORE) private readonly store: Store,
  ) {}

  @Get('partners')
  partners(): object[] {
    return this.directory.all().map(card);
  }

  /**
   * SPSTI, for the choice of the source service by hand: by name, id, SIRET or FINESS, accents and case ignored. A person
   * chooses: nothing is ever chosen here, and only a partner may be asked. `recent`: instead, whom this person's service
   * asked lately; nothing in it says about whom.
   */
  @Get('directory/services')
  async services(
    @CurrentCaller() caller: Caller,
    @Query('q') q: unknown,
    @Query('recent') recent: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    if (recent === 'true') {
      reply.header('relais-directories', 'none');
      return this.#recent(caller);
    }
    const found = await this.known.find(typeof q === 'string' ? q : '', caller.service);
    reply.header('relais-directories', found.directories);
    return [
      ...found.partners.map((partner) => ({ ...card(partner), reachable: 'relais' })),
      ...found.listed.map(listed),
    ];
  }

  async #recent(caller: Caller): Promise<object[]> {
    const asker = await askerOf(caller, this.delegations);
    const sources = await recentSources(this.store.records, this.directory, asker);
    return sources.map((partner) => ({ ...card(partner), reachable: 'relais' }));
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
