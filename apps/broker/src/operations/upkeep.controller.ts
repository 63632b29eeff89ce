/** What an operator must do before it hurts: certificates that end, content that will be purged. */
import { Controller, Get, Inject } from '@nestjs/common';
import { AnyoneRoute, type Caller, CurrentCaller } from '../http/anyone.ts';
import { On } from '../http/listeners.ts';
import { CertificateRadar } from './certificate-radar.ts';
import { only } from './only.ts';

@On('people')
@AnyoneRoute()
@Controller('v1/operations')
export class UpkeepController {
  constructor(@Inject(CertificateRadar) private readonly radar: CertificateRadar) {}

  @Get('certificates')
  certificates(@CurrentCaller() caller: Caller): object[] {
    only(caller, 'operator');
    return this.radar.list().map(({ until, ...one }) => ({ ...one, until: until.toISOString() }));
  }
}
