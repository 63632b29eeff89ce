import type { Clock, Ids, InsiMandate, Traits } from '#core';
import { BrokerError } from '#core';
import { createAgents } from './agents.ts';
import { type BreakerSettings, createBreaker } from './breaker.ts';
import { createCallLimit } from './call-limit.ts';
import {
  cardFindings,
  insFindings,
  refuse,
  searchable,
  traitsFindings,
  type VitaleCard,
} from './criteria.ts';
import { type Call, type Software, traitsEnvelope, vitaleEnvelope } from './envelope.ts';
import type { InsiAnswer, InsiCaller, InsiSearch, InsiVerifier } from './insi-search.ts';
import { type Credentials, credentialsOf, IGC_SANTE, type MandateRules } from './mandate.ts';
import { ACTIONS } from './namespaces.ts';
import { type HttpAnswer, post, statusError } from './post.ts';
import { type OneAnswer, readAnswer, readFault } from './read-answer.ts';
import { searchByStrategy } from './search-strategy.ts';
import {
  type IdentityToVerify,
  readVerification,
  VERIFICATION_MAX,
  type VerificationResult,
  verificationRequest,
} from './verification.ts';

export interface InsiClientOptions extends Partial<MandateRules> {
  /** SOAP endpoint, https */
  url: string;
  /** endpoint of the verification (our own form); default: `verification` beside `url` */
  verificationUrl?: string;
  /** PEM of the authorities that may certify the service */
  ca: string | readonly string[];
  /** name expected in the service's certificate when it is not the host of `url` */
  serverName?: string;
  mandateOf(spsti: string): InsiMandate | undefined;
  software: Software;
  clock: Clock;
  ids: Ids;
  timeoutMs: number;
  maxCallsPerPerson: number;
  windowMs: number;
  breaker: BreakerSettings;
}

export interface InsiClient extends InsiSearch, InsiVerifier {
  /** Search by what a Vitale card holds. @throws as `search` */
  searchByVitale(card: VitaleCard, caller: InsiCaller, signal: AbortSignal): Promise<InsiAnswer>;
  /** Yes or no for each, in the same order; an identity that is lexically wrong is not sent (`invalid`). */
  verifyBatch(
    items: readonly IdentityToVerify[],
    caller: InsiCaller,
    signal: AbortSignal,
  ): Promise<VerificationResult[]>;
  /** It no longer answered: nothing is asked of it, but a trial now and then. */
  isOpen(): boolean;
  /** Ends the kept connections after the calls under way. */
  close(): Promise<void>;
}

const NIR_AND_NIA = ['1.2.250.1.213.1.4.8', '1.2.250.1.213.1.4.9'];
const TEST_OIDS = ['1.2.250.1.213.1.4.10', '1.2.250.1.213.1.4.11'];

/**
 * Client of the national teleservice in software certificate mode (no wsse:Security; facts §1.2–1.4).
 *
 * No error, cause or log made here holds a trait or a matricule.
 *
 * @throws BrokerError `configuration.invalid` (stop) for a URL that is not https
 */
export function createInsiClient(options: InsiClientOptions): InsiClient {
  const { url, software, clock, ids, timeoutMs } = options;
  const rules: MandateRules = {
    acceptedIssuers: options.acceptedIssuers ?? [IGC_SANTE],
    allowTestAnchors: options.allowTestAnchors ?? false,
  };
  const oids = new Set(rules.allowTestAnchors ? [...NIR_AND_NIA, ...TEST_OIDS] : NIR_AND_NIA);
  const agents = createAgents(options);
  const limit = createCallLimit(options);
  const breaker = createBreaker(options.breaker);
  const verificationUrl = options.verificationUrl ?? new URL('verification', url).href;
  if (![url, verificationUrl].every((one) => one.startsWith('https://'))) {
    throw new BrokerError('configuration.invalid', {
      detail: 'Le téléservice INSi n’est appelé qu’en https.',
    });
  }

  /** One call on the wire: mandate, circuit, cap, post, read. */
  const call = <T>(
    caller: InsiCaller,
    persons: readonly (readonly string[])[],
    signal: AbortSignal,
    wire: {
      url: string;
      message(mandate: Credentials): { contentType: string; body: string };
      read(answer: HttpAnswer): T;
    },
  ): Promise<T> => {
    const credentials = credentialsOf(options.mandateOf(caller.spsti), caller.startedBy, rules, clock.now());
    return breaker.run(async () => {
      limit.take(caller.spsti, persons);
      const agent = agents.for(credentials);
      return wire.read(await post(wire.url, wire.message(credentials), { agent, timeoutMs, signal }));
    });
  };

  const soap = (
    action: string,
    caller: InsiCaller,
    person: readonly string[],
    signal: AbortSignal,
    envelope: (head: Call) => string,
  ): Promise<OneAnswer> =>
    call(caller, [person], signal, {
      url,
      message: (mandate) => ({
        contentType: `application/soap+xml; charset=utf-8; action="${action}"`,
        body: envelope({
          ids: { bam: ids.next(), lps: ids.next(), message: ids.next() },
          at: clock.now(),
          mandate,
          software,
        }),
      }),
      read: (answer) => readSoap(answer, oids),
    });

  const verifyBatch: InsiClient['verifyBatch'] = async (items, caller, signal) => {
    const results = new Map<string, VerificationResult>();
    for (const { ref } of items) results.set(ref, { ref, confirmed: false, code: 'invalid' });
    if (results.size !== items.length)
      throw new BrokerError('identity.invalid', { detail: 'Références en double.' });
    const good = items.filter(
      ({ ins, traits }) => [...insFindings(ins), ...traitsFindings(traits)].length === 0,
    );
    for (let start = 0; start < good.length; start += VERIFICATION_MAX) {
      const lot = good.slice(start, start + VERIFICATION_MAX);
      const answers = await call(
        caller,
        lot.map(({ traits }) => personOf(traits)),
        signal,
        {
          url: verificationUrl,
          message: (mandate) => verificationRequest(ids.next(), mandate, lot),
          read: (answer) => {
            if (answer.status !== 200) throw statusError(answer);
            return readVerification(
              answer.bytes,
              lot.map(({ ref }) => ref),
            );
          },
        },
      );
      for (const answer of answers) results.set(answer.ref, answer);
    }
    return [...results.values()];
  };

  return {
    async search(traits, caller, signal) {
      return searchByStrategy(searchable(traits), (criteria) =>
        soap(ACTIONS.traits, caller, personOf(traits), signal, (head) => traitsEnvelope(head, criteria)),
      );
    },

    async searchByVitale(card, caller, signal) {
      refuse(cardFindings(card));
      const { beneficiary, insured } = card;
      const person = [insured.value, beneficiary.birthName, beneficiary.birthDate, beneficiary.birthRank];
      const answer = await soap(ACTIONS.vitale, caller, person, signal, (head) => vitaleEnvelope(head, card));
      return { ...answer, calls: 1 };
    },

    async verify({ ins, traits }, caller, signal) {
      refuse([...insFindings(ins), ...traitsFindings(traits)]);
      const [result] = await verifyBatch([{ ref: '1', ins, traits }], caller, signal);
      const { confirmed, code } = result as VerificationResult;
      return { confirmed, code };
    },

    verifyBatch,
    isOpen: () => breaker.isOpen(),
    close: () => agents.close(),
  };
}

/** Whom the cap counts. The place is left out: adding it does not make another person. */
function personOf({ birthName, firstNames, sex, birthDate }: Traits): string[] {
  return [birthName, sex, birthDate, ...firstNames];
}

function readSoap(answer: HttpAnswer, oids: ReadonlySet<string>): OneAnswer {
  if (answer.status === 200) return readAnswer(answer.bytes, oids);
  throw faultIn(answer) ?? statusError(answer);
}

/** A gateway that is down answers an HTML page (with its DOCTYPE): then the status alone speaks. */
function faultIn(answer: HttpAnswer): BrokerError | undefined {
  try {
    return readFault(answer.bytes);
  } catch (error) {
    if (error instanceof BrokerError) return undefined;
    throw error;
  }
}
