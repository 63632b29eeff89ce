/** What an operator must do before it hurts: certificates that end, content that will be purged. */
import { Controller, Get, Inject } from '@nestjs/common';
import { flows } from '#contracts';
import { BrokerError, forecastRetention, type PartnerId, type RetentionForecast } from '#core';
import type { Store } from '#storage';
import type { Configuration } from '../config/environment.ts';
import { Engine } from '../engine/engine.ts';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { CONFIGURATION, STORE } from '../tokens.ts';
import { CertificateRadar } from './certificate-radar.ts';
import { only, seesAll } from './only.ts';
import { retentionRules } from './retention-rules.ts';

@On('people')
@AnyoneRoute()
@Controller('v1/operations')
export class UpkeepController {
  /** all that is kept is walked: one walk at a time for each that sees the same, however many ask */
  readonly #walks = new Map<string, Promise<RetentionForecast>>();

  constructor(
    @Inject(CertificateRadar) private readonly radar: CertificateRadar,
    @Inject(STORE) private readonly store: Store,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get('retention')
  async retention(@CurrentCaller() caller: Caller): Promise<object> {
    const { partner, role } = seesAll(caller, this.engine.stages.directory);
    if (role === 'auditor' && partner === undefined) throw new BrokerError('role.not-allowed');
    // whoever audits a service is told of what is that service's own
    const of = role === 'auditor' ? partner : undefined;
    return { ...(await this.#forecast(of)), rules: retentionRules(flows, this.configuration) };
  }

  @Get('certificates')
  certificates(@CurrentCaller() caller: Caller): object[] {
    only(caller, 'operator');
    return this.radar.list().map(({ until, ...one }) => ({ ...one, until: until.toISOString() }));
  }

  #forecast(of: PartnerId | undefined): Promise<RetentionForecast> {
    const known = this.#walks.get(of ?? '');
    if (known !== undefined) return known;
    const { clock, flows: table } = this.engine.stages;
    const walk = forecastRetention(this.store.operations, table, clock.now(), of).finally(() => {
      this.#walks.delete(of ?? '');
    });
    this.#walks.set(of ?? '', walk);
    return walk;
  }
}
