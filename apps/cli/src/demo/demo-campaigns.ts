import { flows } from '#contracts';
import type { Campaign } from '#core';

const DAY_MS = 86_400_000;
/** The broker starts and both services deposit within this time; the other flows are played meanwhile. */
const CLOSES_MS = 10_000;

/** Every survey is open; one whose lines are measured together closes soon, so that the demo sees the end of it. */
export function demoCampaigns(now: number): Record<string, Campaign> {
  const at = (ms: number) => new Date(ms).toISOString();
  return Object.fromEntries(
    flows.flatMap(({ contract: { flow, campaign, objects } }) => {
      if (campaign === undefined) return [];
      const pooled = Object.values(objects).some((object) => object.pooled !== undefined);
      if (!pooled)
        return [[flow, { id: campaign.id, opensAt: at(now - DAY_MS), closesAt: at(now + 365 * DAY_MS) }]];
      // what was measured once stays measured: another demo in the same folder is another campaign
      const id = `${flow}-${now.toString(36)}`;
      return [[flow, { id, opensAt: at(now), closesAt: at(now + CLOSES_MS) }]];
    }),
  );
}
