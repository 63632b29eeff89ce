/** Identity vigilance with the teleservice, as configured; without a URL every verdict is `unavailable`. */
import { readFileSync } from 'node:fs';
import { BrokerError, type Clock, type Directory, type Ids } from '#core';
import {
  createInsiClient,
  createVigilance,
  type InsiClient,
  type InsiSearch,
  type Vigilance,
} from '#identity';
import type { Configuration } from '../config/environment.ts';
import { installation, SOFTWARE } from './software.ts';

const HOUR_MS = 3_600_000;
const CALL_MS = 10_000;

export interface IdentityTools {
  vigilance: Vigilance;
  insi?: InsiClient;
}

export function createIdentity(
  configuration: Configuration,
  tools: { clock: Clock; ids: Ids; directory: Directory; watch?(insi: InsiClient): InsiClient },
): IdentityTools {
  const client = createClient(configuration, tools);
  const insi = client === undefined ? undefined : (tools.watch?.(client) ?? client);
  const vigilance = createVigilance({
    insi: insi ?? NO_TELESERVICE,
    clock: tools.clock,
    cacheLifetimeMs: configuration.insi.cacheHours * HOUR_MS,
    reverifyAfterDays: configuration.reverifyDays,
    acceptedEvidence: configuration.evidence,
    environment: configuration.environment,
    maxCachedVerdicts: 20_000,
  });
  return { vigilance, ...(insi === undefined ? {} : { insi }) };
}

const NO_TELESERVICE: InsiSearch = {
  search: () => Promise.reject(new BrokerError('insi.unavailable')),
};

function createClient(
  { insi, home, environment }: Configuration,
  { clock, ids, directory }: { clock: Clock; ids: Ids; directory: Directory },
): InsiClient | undefined {
  if (insi.url === undefined) return undefined;
  return createInsiClient({
    url: insi.url,
    ca: readFileSync(insi.authorities, 'utf8'),
    mandateOf: (spsti) => directory.partner(spsti)?.mandate?.insi,
    software: { ...SOFTWARE, instance: installation(home) },
    clock,
    ids,
    timeoutMs: CALL_MS,
    maxCallsPerPerson: insi.callsPerPerson,
    windowMs: 24 * HOUR_MS,
    breaker: { failures: 5, openMs: 10_000 },
    allowTestAnchors: environment === 'test',
  });
}
