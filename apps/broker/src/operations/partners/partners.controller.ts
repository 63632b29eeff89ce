/** With whom there is an agreement, and what it says. No key, no password, nothing of anybody's health. */
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { flows } from '#contracts';
import { BrokerError, type Directory } from '#core';
import { AnyoneRoute, type Caller, CurrentCaller } from '../../http/anyone.ts';
import { On } from '../../http/listeners.ts';
import { DIRECTORY } from '../../tokens.ts';
import { CertificateRadar } from '../certificate-radar.ts';
import { only } from '../only.ts';
import { type PartnerAgreement, type PartnerCard, partnerAgreement, partnerCard } from './partner-view.ts';

@On('people')
@AnyoneRoute()
@Controller('v1/operations/partners')
export class PartnersController {
  constructor(
    @Inject(DIRECTORY) private readonly directory: Directory,
    @Inject(CertificateRadar) private readonly radar: CertificateRadar,
  ) {}

  @Get()
  list(@CurrentCaller() caller: Caller): PartnerCard[] {
    only(caller, 'operator');
    const watched = this.radar.list();
    return this.directory
      .all()
      .map((partner) => partnerCard(partner, watched))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr'));
  }

  @Get(':id')
  one(@CurrentCaller() caller: Caller, @Param('id') id: string): PartnerAgreement {
    only(caller, 'operator');
    const partner = this.directory.all().find((known) => known.id === id);
    if (partner === undefined) throw new BrokerError('not-found');
    return partnerAgreement(partner, this.radar.list(), flows);
  }
}
