import { Controller, Get, Inject, Query } from '@nestjs/common';
import type { Directory, Partner } from '#core';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { DIRECTORY } from '../tokens.ts';

const MOST = 50;

@On('partners', 'people')
@AnyoneRoute()
@Controller('v1')
export class DirectoryController {
  constructor(@Inject(DIRECTORY) private readonly directory: Directory) {}

  @Get('partners')
  partners(): object[] {
    return this.directory.all().map(card);
  }

  /**
   * SPSTI, for the choice of the source service by hand: by name, id or SIRET, accents and case ignored. The
   * asker's own service is not among them: nobody asks it from itself.
   */
  @Get('directory/services')
  services(@CurrentCaller() { service }: Caller, @Query('q') q: string | undefined): object[] {
    const wanted = folded(q ?? '');
    return this.directory
      .all()
      .filter(
        ({ kind, id, name, siret }) =>
          kind === 'spsti' &&
          id !== service &&
          [id, name, siret ?? ''].some((text) => folded(text).includes(wanted)),
      )
      .sort((a, b) => a.name.localeCompare(b.name, 'fr'))
      .slice(0, MOST)
      .map(card);
  }
}

function card({ id, kind, name, flows, siret }: Partner): object {
  return { id, kind, name, flows, ...(siret === undefined ? {} : { siret }) };
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
