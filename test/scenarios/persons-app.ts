/** A people port of a few lines around apps/broker/src/persons: what broker.module.ts does, with records in memory. */
import 'reflect-metadata';
import { inspect } from 'node:util';
import fastifyCookie from '@fastify/cookie';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  Post,
} from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { asBrokerError, type Delegation, type Directory, type Partner, type Person, type Write } from '#core';
import { readBodiesAsBytes } from '../../apps/broker/src/http/body.ts';
import { InFlight } from '../../apps/broker/src/http/in-flight.ts';
import { AuthController } from '../../apps/broker/src/persons/auth.controller.ts';
import { Bearer } from '../../apps/broker/src/persons/bearer.ts';
import { DelegationsController } from '../../apps/broker/src/persons/delegations.controller.ts';
import { type Authority, Delegations } from '../../apps/broker/src/persons/delegations.ts';
import type { IssuerSettings } from '../../apps/broker/src/persons/issuer-settings.ts';
import { Issuers } from '../../apps/broker/src/persons/issuers.ts';
import { type ClientCertificate, PersonOfRequest } from '../../apps/broker/src/persons/person-of-request.ts';
import {
  CurrentAuthority,
  CurrentPerson,
  PersonGuard,
  PersonRoute,
} from '../../apps/broker/src/persons/person-route.ts';
import { SessionCookies } from '../../apps/broker/src/persons/session-cookies.ts';
import { Sessions } from '../../apps/broker/src/persons/sessions.ts';
import { SignIn } from '../../apps/broker/src/persons/sign-in.ts';
import { freePort } from '../services/free-ports.ts';

/** Delegations and journal entries in memory. */
export class MemoryRecords {
  delegations: Delegation[] = [];
  entries: { kind: string; actor: string; details: Record<string, unknown> }[] = [];

  async delegationsTo(delegate: string, at: string): Promise<Delegation[]> {
    return this.delegations.filter((each) => each.delegate === delegate && each.from <= at && at < each.to);
  }

  async delegationsOf(partner: string): Promise<Delegation[]> {
    return this.delegations.filter((each) => each.partner === partner).reverse();
  }

  async commit(writes: readonly Write[]): Promise<void> {
    for (const each of writes) {
      if (each.write === 'delegation.insert') this.delegations.push(each.values.delegation);
      else if (each.write === 'journal.entry') this.entries.push(JSON.parse(each.values.entry.body));
      else if (each.write === 'delegation.end') {
        const { id, to } = each.values;
        this.delegations = this.delegations.map((one) => (one.id === id ? { ...one, to } : one));
      } else throw new Error(`unexpected write ${each.write}`);
    }
  }
}

@Controller('probe')
class ProbeController {
  @Get('dossier')
  @PersonRoute({ roles: ['physician', 'nurse', 'secretary', 'iprp'] })
  dossier(@CurrentAuthority() authority: Authority): Authority {
    return authority;
  }

  @Post('dossier')
  @PersonRoute({ roles: ['physician'] })
  change(@CurrentPerson() person: Person): Person {
    return person;
  }

  @Get('anybody')
  @PersonRoute()
  anybody(@CurrentPerson() person: Person): Person {
    return person;
  }

  @Get('forgotten')
  forgotten(@CurrentPerson() person: Person): Person {
    return person;
  }
}

@Catch()
class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = asBrokerError(thrown);
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    // the whole of it, causes included: the suite then looks for identity traits
    request.log.error(inspect(thrown, { depth: 20 }));
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply
      .status(error.status)
      .type('application/problem+json')
      .send({ code: error.code, detail: error.detail, errors: error.findings });
  }
}

export interface PersonsApp {
  origin: string;
  records: MemoryRecords;
  /** every log line so far, at level trace */
  logs: string[];
  close(): Promise<void>;
}

/** @param issuers called with the origin of the port, once known */
export async function startPersonsApp(options: {
  partners: readonly Partner[];
  now: () => Date;
  certificate?: () => ClientCertificate | undefined;
  issuers: (origin: string, directory: Directory) => Promise<readonly IssuerSettings[]>;
}): Promise<PersonsApp> {
  const { partners } = options;
  const directory: Directory = {
    all: () => partners,
    partner: (id) => partners.find((partner) => partner.id === id),
  };
  const clock = { now: options.now };
  const records = new MemoryRecords();
  const logs: string[] = [];
  // issuers must know the port that people come back to, and the port is known only once it listens
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const issuers = new Issuers(await options.issuers(origin, directory), clock);
  const sessions = new Sessions(clock);
  const cookies = new SessionCookies(sessions, () => origin);
  const persons = new PersonOfRequest(new Bearer(issuers, directory, clock), cookies, directory, () =>
    options.certificate?.(),
  );

  @Module({
    controllers: [AuthController, DelegationsController, ProbeController],
    providers: [
      Reflector,
      PersonGuard,
      { provide: Issuers, useValue: issuers },
      { provide: Sessions, useValue: sessions },
      { provide: SessionCookies, useValue: cookies },
      { provide: PersonOfRequest, useValue: persons },
      { provide: SignIn, useFactory: () => new SignIn(issuers, sessions, directory, clock, () => origin) },
      {
        provide: Delegations,
        useFactory: () => new Delegations(records, records, directory, clock, { next: () => v7() }),
      },
    ],
  })
  class PersonsAppModule {}

  const stream = { write: (line: string): void => void logs.push(line) };
  const app = await NestFactory.create<NestFastifyApplication>(
    PersonsAppModule,
    new FastifyAdapter({ logger: { level: 'trace', stream } }),
    { logger: false, bodyParser: false },
  );
  readBodiesAsBytes(
    app.getHttpAdapter().getInstance() as unknown as FastifyInstance,
    { maxBytes: 65_536, stallMs: 5_000, maxMs: 10_000 },
    new InFlight({ requests: 10, bytes: 1 << 20, totalBytes: 1 << 20 }),
  );
  await app.register(fastifyCookie);
  app.useGlobalFilters(new ProblemFilter());
  await app.listen(port, '127.0.0.1');
  return { origin, records, logs, close: () => app.close() };
}
