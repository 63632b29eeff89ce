import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Partner } from '#core';
import { On } from '../http/listeners.ts';
import { CurrentPartner, PartnerRoute } from '../http/partner.ts';
import { depositOf } from './deposit-of.ts';
import { Proposals } from './proposals.ts';

/** The software of a source service proposes files instead of answering: its people choose. */
@On('partners')
@PartnerRoute()
@Controller('v1/exchanges/:id/candidates')
export class CandidatesController {
  constructor(@Inject(Proposals) private readonly proposals: Proposals) {}

  @Post()
  @HttpCode(201)
  propose(
    @CurrentPartner() partner: Partner,
    @Param('id') id: string,
    @Headers('relais-lastvisit') lastVisit: string | undefined,
    @Headers('relais-label') label: string | undefined,
    @Headers('relais-opposition') opposition: string | undefined,
    @Headers('relais-more') more: string | undefined,
    @Body() body: Buffer | undefined,
  ): Promise<object> {
    const deposit = depositOf(body, { lastVisit, label, opposition, more });
    return this.proposals.deposit(partner, id, deposit, { actor: partner.id });
  }
}
