/** The partners in force, and the portal's copy of each SPSTI, or of whoever has its pages here, as a destination with its own keys. */
import type { Directory, Partner, PartnerId } from '#core';
import { PORTAL } from '#protection';

export class PortalDirectory implements Directory {
  constructor(private readonly partners: Directory) {}

  partner(id: PartnerId): Partner | undefined {
    const tenant = PORTAL.exec(id)?.[1];
    if (tenant === undefined) return this.partners.partner(id);
    const partner = this.partners.partner(tenant);
    if (partner?.kind !== 'spsti' && partner?.pages !== true) return undefined;
    const { channels: _, ...card } = partner;
    return { ...card, id, kind: 'portal', transport: 'portal', keys: {}, flows: [] };
  }

  all(): readonly Partner[] {
    return this.partners.all();
  }
}
