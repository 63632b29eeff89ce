/** This year's survey campaigns, over those that the contracts propose: survey id and window are configuration. */
import { readFileSync } from 'node:fs';
import type { Campaign, Flow } from '#core';
import { configurationError, type Problem } from './problems.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export type Campaigns = Readonly<Record<string, Campaign>>;

/** @throws BrokerError `configuration.invalid` that lists all that is wrong: nothing starts on half a calendar */
export function readCampaigns(file: string | undefined, flows: readonly Flow[]): Campaigns {
  if (file === undefined) return {};
  const what = `The campaigns file ${file} cannot be used`;
  const read = parse(file, what);
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw configurationError(what, [{ at: '', says: 'it must be an object, flow by flow' }]);
  const problems = Object.entries(read).flatMap(([flow, campaign]) => problemsOf(flow, campaign, flows));
  if (problems.length > 0) throw configurationError(what, problems);
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

function parse(file: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const says = code === undefined ? 'it is not JSON' : `it cannot be read (${code})`;
    throw configurationError(what, [{ at: '', says }]);
  }
}

function problemsOf(flow: string, campaign: unknown, flows: readonly Flow[]): Problem[] {
  const at = `/${flow}`;
  if (!flows.some(({ contract }) => contract.flow === flow && contract.campaign !== undefined))
    return [{ at, says: 'is no flow with campaigns' }];
  const { id, opensAt, closesAt } = (campaign ?? {}) as Partial<Record<keyof Campaign, unknown>>;
  return [
    ...(typeof id === 'string' && id !== '' ? [] : [{ at: `${at}/id`, says: 'must be a text' }]),
    ...[['opensAt', opensAt] as const, ['closesAt', closesAt] as const]
      .filter(
        ([, value]) => typeof value !== 'string' || !INSTANT.test(value) || Number.isNaN(Date.parse(value)),
      )
      .map(([name]) => ({ at: `${at}/${name}`, says: 'must be an instant in UTC, to the millisecond' })),
    ...(String(opensAt) < String(closesAt) ? [] : [{ at: `${at}/closesAt`, says: 'must be after opensAt' }]),
  ];
}
