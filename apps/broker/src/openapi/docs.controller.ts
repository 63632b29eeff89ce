import type {} from '@fastify/static';
import { Controller, Get, Header, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BrokerError } from '#core';
import { On } from '../http/listeners.ts';
import { OPEN_API } from '../tokens.ts';
import { DOCS_FILES, DOCS_PAGE, DOCS_SCRIPT } from './docs-page.ts';
import type { OpenApi } from './document.ts';

/** Public: it says how to speak, and holds nothing of anybody. */
@On('people')
@Controller()
export class DocsController {
  #document: Promise<OpenApi> | undefined;

  constructor(@Inject(OPEN_API) private readonly write: () => Promise<OpenApi>) {}

  @Get('openapi.json')
  openapi(): Promise<OpenApi> {
    this.#document ??= this.write();
    return this.#document;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return DOCS_PAGE;
  }

  @Get('docs/:file')
  async file(@Param('file') file: string, @Res() reply: FastifyReply): Promise<void> {
    if (file === 'start.js') {
      await reply.type('text/javascript; charset=utf-8').send(DOCS_SCRIPT);
      return;
    }
    if (!DOCS_FILES.some((one) => one === file)) throw new BrokerError('not-found');
    await reply.sendFile(file);
  }
}
