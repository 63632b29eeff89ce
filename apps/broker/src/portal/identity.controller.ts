import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { IsString, MaxLength } from 'class-validator';
import { BrokerError, type Clock } from '#core';
import { readDatamatrix } from '#identity';
import type { Configuration } from '../config/environment.ts';
import { AnyoneRoute } from '../http/anyone.ts';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { CLOCK, CONFIGURATION } from '../tokens.ts';

export class DatamatrixBody {
  /** as a hand reader types it, separators (0x1D) included */
  @IsString()
  @MaxLength(400)
  text!: string;
}

/** What a hand reader scanned, as fields of a form: an import, never evidence. */
@On('people')
@AnyoneRoute()
@Controller('v1/identity')
export class IdentityController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('datamatrix')
  @HttpCode(200)
  datamatrix(@Body(JsonBody) { text }: DatamatrixBody): object {
    const read = readDatamatrix(text.trim(), this.configuration.environment, this.clock.now());
    if (!read.ok) throw new BrokerError('identity.invalid', { findings: read.findings });
    const { traits, ins } = read.value;
    return { traits, ins };
  }
}
