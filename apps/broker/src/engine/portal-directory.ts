/** The partners in force, and the portal's copy of each SPSTI as a destination with its own keys. */
import type { Directory, Partner, PartnerId } from '#core';
import { PORTAL } from '#protection';

export class PortalDirectory implements Directory {
  constructor(private readonly partners: Directory) {}

  partner(id: PartnerId): Partner | undefined {
    const tenant = PORTAL.exec(id)?.[1];
    if (tenant === undefined) return this.partners.partner(id);
    const service = this.partners.partner(tenant);
    if (service?.kind !== 'spsti') return undefined;
    const { channels: _, ...card } = service;
    return { ...card, id, kind: 'portal', transport: 'portal', keys: {}, flows: [] };
  }

  all(): readonly Partner[] {
    return this.partners.all();
  }
}
