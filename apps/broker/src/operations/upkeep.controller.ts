/** What an operator must do before it hurts: certificates that end, content that will be purged. */
import { Controller, Get, Inject } from '@nestjs/common';
import { forecastRetention, type RetentionForecast } from '#core';
import type { Store } from '#storage';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { STORE } from '../tokens.ts';
import { CertificateRadar } from './certificate-radar.ts';
import { only, seesAll } from './only.ts';

@On('people')
@AnyoneRoute()
@Controller('v1/operations')
export class UpkeepController {
  /** all that is kept is walked: one walk at a time, whoever asks */
  #walk: Promise<RetentionForecast> | undefined;

  constructor(
    @Inject(CertificateRadar) private readonly radar: CertificateRadar,
    @Inject(STORE) private readonly store: Store,
    @Inject(Engine) private readonly engine: Engine,
  ) {}

  @Get('retention')
  retention(@CurrentCaller() caller: Caller): Promise<object> {
    const { clock, directory, flows } = this.engine.stages;
    seesAll(caller, directory);
    this.#walk ??= forecastRetention(this.store.operations, flows, clock.now()).finally(() => {
      this.#walk = undefined;
    });
    return this.#walk;
  }

  @Get('certificates')
  certificates(@CurrentCaller() caller: Caller): object[] {
    only(caller, 'operator');
    return this.radar.list().map(({ until, ...one }) => ({ ...one, until: until.toISOString() }));
  }
}
