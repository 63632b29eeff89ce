import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { BrokerError, type Clock, type Directory, followsWorkers } from '#core';
import { readDatamatrix } from '#identity';
import type { Configuration } from '../config/environment.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { InsiQuestions } from '../insi/insi-questions.ts';
import { Delegations } from '../persons/delegations.ts';
import { CLOCK, CONFIGURATION, DIRECTORY } from '../tokens.ts';

export class DatamatrixBody {
  /** as a hand reader types it, separators (0x1D) included */
  @IsString()
  @MaxLength(400)
  text!: string;
}

/** Who a worker is, for whoever stands before it: what a scan says, and what INSi says of the traits. */
@On('people')
@AnyoneRoute()
@Controller('v1/identity')
export class IdentityController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(Delegations) private readonly delegations: Delegations,
    @Inject(InsiQuestions) private readonly questions: InsiQuestions,
  ) {}

  /** An import, never evidence: nothing is kept. */
  @Post('datamatrix')
  @HttpCode(200)
  datamatrix(@Body(JsonBody) { text }: DatamatrixBody): object {
    const read = readDatamatrix(text.trim(), this.configuration.environment, this.clock.now());
    if (!read.ok) throw new BrokerError('identity.invalid', { findings: read.findings });
    const { traits, ins } = read.value;
    return { traits, ins };
  }

  /** The person asks INSi in the name of its service: a message of the flow `insi` like any other. */
  @Post('search')
  @HttpCode(200)
  async search(
    @CurrentCaller() { service, person }: Caller,
    @Body() body: Buffer | undefined,
  ): Promise<unknown> {
    if (person === undefined) throw new BrokerError('person.unauthenticated');
    const partner = service === undefined ? undefined : this.directory.partner(service);
    if (partner === undefined || !followsWorkers(person)) throw new BrokerError('role.not-allowed');
    await this.delegations.authorize(person);
    const data = body ?? Buffer.alloc(0);
    const answered = await this.questions.ask({ partner, person, object: 'search', id: undefined, data });
    // whoever stands before the worker does not wait for a message
    if (answered.kind === 'later') throw new BrokerError('insi.unavailable');
    return answered.answer;
  }
}
