/** Identity vigilance: each SPSTI verifies for itself, so calls, cache and verdicts never cross from one to another. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  BrokerError,
  type Clock,
  canonicalJson,
  type Finding,
  type IdentityQuestion,
  type IdentityVigilance,
} from '#core';
import { sameTraits } from './collisions.ts';
import { writeDatamatrix } from './datamatrix.ts';
import { applyDecision } from './held.ts';
import { checkIns } from './ins.ts';
import type { InsiAnswer, InsiSearch } from './insi/insi-search.ts';
import { attributeFindings } from './status.ts';
import { checkTraits } from './traits.ts';
import { type Asked, type CheckedQuestion, type VerdictRules, verdictOf } from './verdict.ts';

export interface VigilanceOptions extends VerdictRules {
  insi: InsiSearch;
  clock: Clock;
  /** how long an answer of INSi serves again, in milliseconds; 0 = never */
  cacheLifetimeMs: number;
  /** age in days at which a verification is due again; a setting of the service: no source makes it law. Absent = never */
  reverifyAfterDays?: number;
  /** answers kept at most, over all services */
  maxCachedVerdicts: number;
}

export interface Vigilance extends IdentityVigilance {
  /** @param verifiedAt instant of the verification (ISO 8601) */
  reverificationDue(verifiedAt: string): boolean;
}

interface Remembered {
  answer: InsiAnswer;
  at: string;
}

const DAY_MS = 86_400_000;
/** Timers hold no more milliseconds than this. */
const LONGEST_LIFETIME_MS = 2 ** 31 - 2;

/** @throws BrokerError `configuration.invalid` for settings out of bounds */
export function createVigilance(options: VigilanceOptions): Vigilance {
  checkOptions(options);
  const { insi, clock, cacheLifetimeMs } = options;
  const cache =
    cacheLifetimeMs === 0
      ? undefined
      : new LRUCache<string, Remembered>({
          max: options.maxCachedVerdicts,
          ttl: cacheLifetimeMs,
          // traits leave the memory when their time is over, asked for again or not
          ttlAutopurge: true,
          ttlResolution: 0,
          perf: { now: () => clock.now().getTime() },
        });

  /** One call for those who ask the same at the same time: several sources of one request. */
  const underWay = new Map<string, Promise<Asked>>();

  async function askOnce(
    key: string,
    asking: IdentityQuestion,
    question: CheckedQuestion,
    signal: AbortSignal,
  ) {
    const call = underWay.get(key) ?? ask(insi, asking, question, signal);
    underWay.set(key, call);
    try {
      return await call;
    } finally {
      underWay.delete(key);
    }
  }

  function reverificationDue(verifiedAt: string): boolean {
    const { reverifyAfterDays } = options;
    if (reverifyAfterDays === undefined) return false;
    return clock.now().getTime() - Date.parse(verifiedAt) >= reverifyAfterDays * DAY_MS;
  }

  function remembered(key: string): Remembered | undefined {
    const entry = cache?.get(key);
    return entry === undefined || reverificationDue(entry.at) ? undefined : entry;
  }

  return {
    reverificationDue,

    async verify(asking, signal) {
      const question = checkQuestion(asking, options);
      const blocked = notAsked(question);
      const key = cacheKey(asking.spsti, question);
      const known = blocked === undefined ? remembered(key) : undefined;
      if (known !== undefined) return verdictOf(question, known.answer, options, known.at);
      const asked = blocked ?? (await askOnce(key, asking, question, signal));
      const at = clock.now().toISOString();
      const verdict = verdictOf(question, asked, options, at);
      if (isAnswer(asked)) cache?.set(key, { answer: asked, at });
      return verdict;
    },

    async cached(asking) {
      const question = checkQuestion(asking, options);
      const blocked = notAsked(question);
      if (blocked !== undefined) return verdictOf(question, blocked, options, clock.now().toISOString());
      const known = remembered(cacheKey(asking.spsti, question));
      return known && verdictOf(question, known.answer, options, known.at);
    },

    sameTraits,

    decided: applyDecision,

    datamatrix(identity, ins) {
      const { birthName, firstNames, sex, birthDate, birthPlace } = identity;
      const traits = {
        birthName,
        firstNames,
        sex,
        birthDate,
        ...(birthPlace === undefined ? {} : { birthPlace }),
      };
      const qualified = { status: 'QUAL', attributes: [], inDoubt: false, ins, traits } as const;
      const text = writeDatamatrix(qualified, options.environment, clock.now());
      return text.ok ? text.value : undefined;
    },
  };
}

function isAnswer(asked: Asked): asked is InsiAnswer {
  return asked.outcome !== 'not-asked' && asked.outcome !== 'unavailable';
}

/** INSi out of reach is an outcome; any other trouble (access refused, call limit, our own) is the caller's to see. */
async function ask(
  insi: InsiSearch,
  { spsti, startedBy }: IdentityQuestion,
  { traits }: CheckedQuestion,
  signal: AbortSignal,
): Promise<Asked> {
  try {
    return await insi.search(traits.forInsi, { spsti, startedBy }, signal);
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'insi.unavailable') return { outcome: 'unavailable' };
    throw error;
  }
}

function notAsked({ attributes, traits }: CheckedQuestion): Asked | undefined {
  if (attributes.includes('fictive')) return { outcome: 'not-asked', because: 'insi.not-asked-fictive' };
  if (attributes.includes('douteuse')) return { outcome: 'not-asked', because: 'insi.not-asked-douteuse' };
  if (traits.forInsi.sex === 'I') return { outcome: 'not-asked', because: 'insi.not-asked-sex' };
  return undefined;
}

/** The service in clear, the person as a digest. */
function cacheKey(spsti: string, { traits }: CheckedQuestion): string {
  return `${createHash('sha256').update(canonicalJson(traits.forInsi)).digest('hex')} ${spsti}`;
}

/** @throws BrokerError `identity.invalid` with every finding, pointers into the question */
function checkQuestion(asking: IdentityQuestion, { clock, environment }: VigilanceOptions): CheckedQuestion {
  const traits = checkTraits(asking.traits, clock.now());
  const ins = asking.ins === undefined ? undefined : checkIns(asking.ins, environment);
  const attributes = asking.attributes ?? [];
  const findings = [
    ...(traits.ok ? [] : within('/traits', traits.findings)),
    ...(ins === undefined || ins.ok ? [] : within('/ins', ins.findings)),
    ...attributeFindings(attributes),
  ];
  if (!traits.ok || findings.length > 0) throw new BrokerError('identity.invalid', { findings });
  return {
    traits: traits.value,
    ins: ins?.ok === true ? ins.value : undefined,
    attributes,
    evidenceSeen: asking.evidenceSeen,
  };
}

function within(pointer: string, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, pointer: pointer + finding.pointer }));
}

function checkOptions({ cacheLifetimeMs, maxCachedVerdicts, reverifyAfterDays }: VigilanceOptions): void {
  const right =
    Number.isInteger(cacheLifetimeMs) &&
    cacheLifetimeMs >= 0 &&
    cacheLifetimeMs <= LONGEST_LIFETIME_MS &&
    Number.isInteger(maxCachedVerdicts) &&
    maxCachedVerdicts > 0 &&
    (reverifyAfterDays === undefined || reverifyAfterDays > 0);
  if (!right)
    throw new BrokerError('configuration.invalid', {
      detail: 'Réglages de l’identitovigilance hors bornes.',
    });
}
