import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { IsString, Length } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { Delegations } from './delegations.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import { Issuers } from './issuers.ts';
import { PersonOfRequest } from './person-of-request.ts';
import { choosePerson } from './persons-of.ts';
import { SessionCookies } from './session-cookies.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

export class PartnerBody {
  @IsString()
  @Length(1, 64)
  partner!: string;
}

/** `/auth`, people port: signing in and out with a browser. */
@On('people')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly issuers: Issuers,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly cookies: SessionCookies,
    private readonly persons: PersonOfRequest,
    private readonly delegations: Delegations,
  ) {}

  /** The ways to sign in, for a page that lets one choose. */
  @Get('issuers')
  list(): Pick<IssuerSettings, 'id' | 'kind' | 'label'>[] {
    return this.issuers.all().map(({ id, kind, label }) => ({ id, kind, label }));
  }

  @Get('login')
  async login(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('with') issuer?: unknown,
    @Query('returnTo') returnTo?: unknown,
  ): Promise<void> {
    const browser = this.cookies.browser(request);
    const begun = await this.signIn.begin({
      with: typeof issuer === 'string' ? issuer : 'psc',
      ...(typeof returnTo === 'string' ? { returnTo } : {}),
      ...(browser === undefined ? {} : { browser }),
    });
    this.cookies.setBrowser(reply, begun.browser);
    await go(reply, begun.url);
  }

  @Get('callback/:issuer')
  async callback(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('issuer') issuerId: string,
  ): Promise<void> {
    const finished = await this.signIn.finish({
      issuerId,
      query: new URL(request.url, 'http://callback').search,
      browser: this.cookies.browser(request),
      previous: this.cookies.sessionId(request),
    });
    this.cookies.clear(reply, 'login');
    this.cookies.setSession(reply, finished.sessionId);
    await go(reply, finished.returnTo);
  }

  /** Chooses, or changes, the service that a person of several acts for. */
  @Post('partner')
  @HttpCode(204)
  choose(@Req() request: FastifyRequest, @Body(JsonBody) { partner }: PartnerBody): void {
    const session = this.cookies.session(request);
    session.person = choosePerson(session.persons, partner);
  }

  /** `?provider=true` goes on to the issuer's own logout; without, Relais only. */
  @Post('logout')
  async logout(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('provider') provider?: unknown,
  ): Promise<void> {
    const session = this.cookies.session(request);
    this.sessions.close(this.cookies.sessionId(request) ?? '');
    this.cookies.clear(reply, 'session');
    await go(reply, provider === 'true' ? await this.signIn.issuerLogout(session) : '/');
  }

  /**
   * Who I am here: my reference for delegations (`pseudonym`), the services that I may act for, the one chosen,
   * what was delegated to me.
   */
  @Get('me')
  @Header('cache-control', 'no-store')
  async me(@Req() request: FastifyRequest): Promise<object> {
    const { persons, chosen } = await this.persons.candidates(request);
    const choices = persons.map(({ partner, role }) => ({ partner, role }));
    const person = chosen ?? (persons.length === 1 ? persons[0] : undefined);
    if (person === undefined) return { choices };
    const { delegations } = await this.delegations.authorityOf(person);
    // what a worker's issuer vouches for stays here: the page shows a name
    const { traits: _, ...shown } = person;
    return { ...shown, choices, delegations };
  }
}

async function go(reply: FastifyReply, place: string): Promise<void> {
  await reply.header('cache-control', 'no-store').redirect(place, 303);
}
