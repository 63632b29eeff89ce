import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Partner, release } from '#core';
import { JsonBody } from '../http/dto.ts';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import { BATCH } from '../intake/cloud-event.ts';
import { MailboxService } from './mailbox.service.ts';
import { ReceiptBody } from './receipt-body.ts';

@On('partners')
@PartnerRoute()
@Controller('v1')
export class MailboxController {
  constructor(private readonly mailbox: MailboxService) {}

  /** `limit` 1–100 (20), `wait` 0–30 seconds (0). */
  @Get('mailbox')
  async fetch(
    @CurrentPartner() partner: Partner,
    @Query('flow') flow: string | undefined,
    @Query('limit') limit: string | undefined,
    @Query('wait') wait: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const events = await this.mailbox.lease(partner, {
      ...(flow === undefined ? {} : { flow }),
      limit: bounded(limit, 20, 1, 100),
      waitSeconds: bounded(wait, 0, 0, 30),
      gone: () => reply.raw.destroyed,
    });
    await reply.type(BATCH).send(JSON.stringify(events));
  }

  /** The caller's own line, whatever its transport; never anybody else's. */
  @Get('queue')
  queue(@CurrentPartner() partner: Partner): Promise<object> {
    return this.mailbox.queueOf(partner);
  }

  /** Also for pushed deliveries: `opened` and `filed` come later than the push. */
  @Post('mailbox/:deliveryId/receipt')
  @HttpCode(200)
  async receipt(
    @CurrentPartner() partner: Partner,
    @Param('deliveryId') deliveryId: string,
    @Body(JsonBody) body: ReceiptBody,
  ): Promise<object> {
    return this.mailbox.receipt(partner, deliveryId, body);
  }

  @Get('deliveries/:deliveryId/parts/:n')
  async part(
    @CurrentPartner() partner: Partner,
    @Param('deliveryId') deliveryId: string,
    @Param('n') n: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const part = await this.mailbox.part(partner, deliveryId, wholeOf(n));
    reply.raw.once('finish', () => release(part.jwe));
    await reply
      .type('application/jose')
      .header('x-relais-audience', part.audience)
      .send(Buffer.from(part.jwe.buffer, part.jwe.byteOffset, part.jwe.byteLength));
  }
}

/** 0 = no part at all */
function wholeOf(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

function bounded(text: string | undefined, fallback: number, min: number, max: number): number {
  const value = text === undefined || text === '' ? fallback : Number(text);
  return Number.isFinite(value) ? Math.min(max, Math.max(min, Math.trunc(value))) : fallback;
}
