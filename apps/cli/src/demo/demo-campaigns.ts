import { flows } from '#contracts';
import type { Campaign } from '#core';

const DAY_MS = 86_400_000;
/** The broker starts and both services deposit within this time; the other flows are played meanwhile. */
const SOONEST_MS = 18_000;
const LATEST_MS = 90_000;
/** a machine that took so long for the simulators takes no more than so many times that for the broker */
const SLOWER = 12;

/**
 * Every survey is open; one whose lines are measured together closes soon, so that the demo sees the end of it.
 * @param startedInMs what this machine took to start the simulators
 * @param processes of the broker, that start two at a time
 */
export function demoCampaigns(now: number, startedInMs: number, processes = 1): Record<string, Campaign> {
  const turns = Math.ceil(processes / 2);
  const closesIn = Math.min(Math.max(startedInMs * SLOWER, SOONEST_MS) * turns, LATEST_MS);
  const at = (ms: number) => new Date(ms).toISOString();
  return Object.fromEntries(
    flows.flatMap(({ contract: { flow, campaign, objects } }) => {
      if (campaign === undefined) return [];
      const pooled = Object.values(objects).some((object) => object.pooled !== undefined);
      if (!pooled)
        return [[flow, { id: campaign.id, opensAt: at(now - DAY_MS), closesAt: at(now + 365 * DAY_MS) }]];
      // what was measured once stays measured: another demo in the same folder is another campaign
      const id = `${flow}-${now.toString(36)}`;
      return [[flow, { id, opensAt: at(now), closesAt: at(now + closesIn) }]];
    }),
  );
}
