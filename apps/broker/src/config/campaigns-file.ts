/** This year's survey campaigns, over those that the contracts propose: survey id and window are configuration. */
import { readFileSync } from 'node:fs';
import type { Campaign, Flow } from '#core';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export type Campaigns = Readonly<Record<string, Campaign>>;

/** @throws Error that names the first entry that is wrong: the broker does not start on half a calendar */
export function readCampaigns(file: string | undefined): Campaigns {
  if (file === undefined) return {};
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new Error(`RELAIS_CAMPAIGNS: ${file} must be an object, flow by flow`);
  for (const [flow, campaign] of Object.entries(read)) {
    const { id, opensAt, closesAt } = (campaign ?? {}) as Partial<Record<keyof Campaign, unknown>>;
    const dated = [opensAt, closesAt].every((at) => typeof at === 'string' && INSTANT.test(at));
    if (typeof id !== 'string' || id === '' || !dated || String(opensAt) >= String(closesAt))
      throw new Error(
        `RELAIS_CAMPAIGNS: ${flow} needs id, opensAt and closesAt (UTC, milliseconds), in order`,
      );
  }
  return read as Campaigns;
}

/** The campaign is part of the contract: its hash tells which window was in force. */
export function withCampaign(flow: Flow, campaigns: Campaigns): Flow {
  const { contract } = flow;
  const campaign = Object.hasOwn(campaigns, contract.flow) ? campaigns[contract.flow] : undefined;
  return campaign === undefined || contract.campaign === undefined
    ? flow
    : { ...flow, contract: { ...contract, campaign } };
}
