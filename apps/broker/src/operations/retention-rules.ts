/** How long what is kept at most: what the contracts in force and the settings say, for whoever must answer for it. */
import type { Flow, ObjectContract } from '#core';
import type { Configuration } from '../config/environment.ts';

export interface RetentionRules {
  contracts: {
    flow: string;
    title: string;
    objects: {
      title: string;
      /** of the content, while it is under way */
      lifeDays: number;
      /** receipt with which the sealed copy goes, and days after which it goes without */
      sealedUntil: ObjectContract['retention']['sealedUntil'];
      sealedDays: number;
    }[];
  }[];
  /** a message is recognised when it comes again */
  keyMemoryDays: number;
  /** copies that the portal opens, and who was asked about, once a request is over */
  portalDays: number;
  /** months after the one of its seal; 0 = for ever */
  journalMonths: number;
}

export function retentionRules(
  flows: readonly Flow[],
  { journalMonths, keyMemoryDays, portalDays }: Configuration,
): RetentionRules {
  const contracts = flows.map(({ contract: { flow, objects, title } }) => ({
    flow,
    title,
    objects: Object.values(objects).map(({ lifeHours, retention, title: named }) => ({
      title: named,
      lifeDays: Math.ceil(lifeHours / 24),
      sealedUntil: retention.sealedUntil,
      sealedDays: retention.sealedDays,
    })),
  }));
  return { contracts, keyMemoryDays, portalDays, journalMonths };
}
