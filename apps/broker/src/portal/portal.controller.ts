import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type {} from '@fastify/static';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BrokerError } from '#core';
import { On } from '../http/listeners.ts';
import { PAGES } from './pages.ts';

/** What `vite build` makes of apps/portal. */
const BUILT = join(dirname(findPackageJSON(import.meta.url) ?? ''), 'dist/portal');
/** Names carry a digest of their content: once fetched, never asked for again. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The web face. Its pages hold nothing of anybody: what they show, they ask of the API, with the session's cookie. */
@On('people')
@Controller()
export class PortalController {
  @Get('assets/:file')
  async asset(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    if (!/^\w[\w.-]*$/.test(file) || !existsSync(join(BUILT, 'assets', file)))
      throw new BrokerError('not-found');
    await reply.header('cache-control', FOR_EVER).sendFile(`assets/${file}`, BUILT);
  }

  @Get([...PAGES])
  async page(@Res() reply: FastifyReply): Promise<void> {
    if (!existsSync(join(BUILT, 'index.html')))
      throw new BrokerError('not-found', { detail: 'Le portail n’est pas construit ici : npm run build.' });
    await reply.header('cache-control', 'no-cache').sendFile('index.html', BUILT);
  }
}
