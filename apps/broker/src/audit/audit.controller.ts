/** For the DPO of one service: its registers, and the traces of its own organisation. Nothing of another's is ever there. */
import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { BrokerError, type Clock, type Directory } from '#core';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { linkNext, type Page, pageOf } from '../http/page.ts';
import { only, seesAll } from '../operations/only.ts';
import { TraitsBody } from '../portability/dmst-request.dto.ts';
import { CLOCK, DIRECTORY } from '../tokens.ts';
import { accessesCsv } from './accesses-csv.ts';
import { CSV } from './csv.ts';
import { OwnTraces } from './own-traces.ts';
import { accessFilter, periodOf } from './period.ts';
import { type AccessFilter, type Auditor, type Period, Registers } from './registers.ts';

const LONGEST_TRACES_MS = 31 * 86_400_000;

class WorkerLookUp {
  @IsObject()
  @ValidateNested()
  @Type(() => TraitsBody)
  traits!: TraitsBody;
}

@On('people')
@AnyoneRoute()
@Controller('v1/audit')
export class AuditController {
  constructor(
    @Inject(Registers) private readonly registers: Registers,
    @Inject(OwnTraces) private readonly traces: OwnTraces,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DIRECTORY) private readonly directory: Directory,
  ) {}

  /** Newest first. */
  @Get('accesses')
  accesses(
    @CurrentCaller() caller: Caller,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Query('worker') worker: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const auditor = this.#auditor(caller);
    const filter = accessFilter(this.#period(from, to), worker);
    return this.#page('accesses', auditor, filter, pageOf(limit, after), reply);
  }

  /** Who read the register, newest first. */
  @Get('readings')
  readings(
    @CurrentCaller() caller: Caller,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Query('worker') worker: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const auditor = this.#auditor(caller);
    const filter = accessFilter(this.#period(from, to), worker);
    return this.#page('readings', auditor, filter, pageOf(limit, after), reply);
  }

  @Get('accesses.csv')
  async accessesCsv(
    @CurrentCaller() caller: Caller,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Query('worker') worker: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const auditor = this.#auditor(caller);
    const accesses = await this.registers.export(auditor, accessFilter(this.#period(from, to), worker));
    await reply
      .type(CSV)
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="registre-des-acces.csv"')
      .send(Readable.from(accessesCsv(accesses)));
  }

  /** Traits come in a body, never in an address; what answers is the pseudonym alone. */
  @Post('worker')
  @HttpCode(200)
  async worker(
    @CurrentCaller() caller: Caller,
    @Body(JsonBody) { traits }: WorkerLookUp,
  ): Promise<{ worker: string }> {
    return { worker: await this.registers.workerOf(this.#auditor(caller), traits) };
  }

  /** Newest first. */
  @Get('purges')
  async purges(
    @CurrentCaller() caller: Caller,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object[]> {
    const auditor = this.#auditor(caller);
    const period = this.#period(from, to);
    const page = pageOf(limit, after);
    const purges = await this.registers.purges(auditor, period, page);
    linkNext(reply, '/v1/audit/purges', page, purges, { ...period });
    return purges;
  }

  @Get('interops-traces.xml')
  async interopsTraces(
    @CurrentCaller() caller: Caller,
    @Query('from') from: string | undefined,
    @Query('to') to: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const auditor = auditorOf(caller);
    const period = this.#period(from, to);
    if (Date.parse(period.to) - Date.parse(period.from) > LONGEST_TRACES_MS)
      throw new BrokerError('event.malformed', { detail: 'La période demandée dépasse 31 jours.' });
    const traces = await this.traces.xml(auditor.partner, period);
    await this.registers.noteReading(auditor, 'traces-exported', period);
    await reply
      .type('application/xml')
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="traces-interops.xml"')
      .send(traces);
  }

  /** Registers are of a service: those of a portal tell of workers, to whom the portal's own people are strangers. */
  #auditor(caller: Caller): Auditor {
    seesAll(caller, this.directory);
    return auditorOf(caller);
  }

  async #page(
    register: 'accesses' | 'readings',
    auditor: Auditor,
    filter: AccessFilter,
    page: Page,
    reply: FastifyReply,
  ): Promise<object[]> {
    const lines = await this.registers[register](auditor, filter, page);
    linkNext(reply, `/v1/audit/${register}`, page, lines, { ...filter });
    return lines;
  }

  #period(from: string | undefined, to: string | undefined): Period {
    return periodOf(from, to, this.clock.now());
  }
}

function auditorOf(caller: Caller): Auditor {
  const { partner, ...person } = only(caller, 'auditor');
  if (partner === undefined) throw new BrokerError('role.not-allowed');
  return { ...person, partner };
}
