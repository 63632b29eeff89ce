import { Controller, Get, Header, Inject } from '@nestjs/common';
import { On } from '../http/listeners.ts';
import { Jwks } from './jwks.ts';

@On('partners', 'people')
@Controller('.well-known')
export class JwksController {
  constructor(@Inject(Jwks) private readonly jwks: Jwks) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  keys(): object {
    return this.jwks.document();
  }
}
