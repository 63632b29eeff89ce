import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { On } from '../http/listeners.ts';
import { CertificateRadar } from './certificate-radar.ts';
import { Health } from './health.ts';
import { Metrics } from './metrics/metrics.ts';

@On('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    @Inject(CertificateRadar) private readonly radar: CertificateRadar,
  ) {}

  @Get('health/live')
  live(): object {
    return { status: 'up' };
  }

  /** 503 with what is missing, so that a load balancer sends nothing here. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const checks = await this.health.checks();
    const ready = Object.values(checks).every((check) => check === 'up');
    reply.status(ready ? 200 : 503);
    return { status: ready ? 'up' : 'down', checks };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    return `${await this.metrics.text()}${await this.radar.metrics()}`;
  }
}
