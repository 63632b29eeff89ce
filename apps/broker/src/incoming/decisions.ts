/** What the people of a source service decide of a request: a file leaves, or a refusal does. */
import {
  accessOf,
  again,
  awaitsAnswer,
  BrokerError,
  type CandidateHead,
  type Exchange,
  type Partner,
  type RecordedEntry,
  readsHealth,
  recordEntry,
  write,
} from '#core';
import type { Engine } from '../engine/engine.ts';
import { alreadyAnswered, answerTo, giveAnswer } from './answer-to.ts';
import { type AskedAbout, FLOW } from './asked-about.ts';
import { actingAs, type Carer } from './carer.ts';
import { isBeyondDoubt } from './comparison.ts';
import { gone, type KeptCandidates } from './kept-candidates.ts';

/** R08 and R09 are Relais' own: a content that cannot be read, a delay that ran out. */
export const REASONS = ['R01', 'R02', 'R03', 'R04', 'R05', 'R06', 'R07'] as const;

export interface Refusal {
  code: (typeof REASONS)[number];
  detail?: string;
}

export class Decisions {
  constructor(
    private readonly engine: Engine,
    private readonly asked: AskedAbout,
    private readonly kept: KeptCandidates,
  ) {}

  /** Without a matricule qualified on both sides, a health professional says that it is the same person. */
  async release(carer: Carer, id: string, chosen: string, identityConfirmed: boolean): Promise<void> {
    const { person, partner } = carer;
    if (!readsHealth(person)) throw new BrokerError('role.not-allowed');
    await again(async () => {
      const asked = await this.asked.of(partner.id, id);
      if (!awaitsAnswer(asked.exchange)) throw alreadyAnswered();
      const candidates = await this.kept.of(id);
      const { content, named, depositedBy, delegation } =
        candidates.find((one) => one.id === chosen) ?? gone();
      // told apart by no code: the journal keeps the codes of refusals, and this one would tell of an opposition
      if (content === undefined || candidates.some(({ opposition }) => opposition))
        throw new BrokerError('state.conflict', {
          detail: 'Le travailleur s’est opposé à la transmission : aucun dossier ne peut partir.',
        });
      const isSure = isBeyondDoubt((await this.asked.open(asked)).worker, named);
      if (!isSure && !identityConfirmed)
        throw new BrokerError('identity.in-doubt', {
          detail:
            'L’identité n’est pas qualifiée des deux côtés : confirmez qu’il s’agit de la même personne.',
        });
      const data = await this.kept.content(id, chosen);
      const details = {
        candidate: chosen,
        // said here, not when it came: had a refusal followed, that would have told of a file
        depositedBy,
        ...(delegation === undefined ? {} : { depositedUnder: delegation }),
        ...actingAs(carer),
        identityConfirmed: !isSure,
        automatic: false,
      };
      const entry = this.#entry('response.released', `person:${person.pseudonym}`, details, id);
      const beside = [
        write('journal.entry', { entry }),
        accessOf(entry, partner.id, asked.exchange.responderWorker),
      ];
      const answer = answerTo(asked.exchange, partner, { object: 'response', data, ...content });
      await giveAnswer(this.engine.accept, answer, { person: person.pseudonym, beside });
    });
  }

  /** The service let it: its software found one file, and nobody could doubt whose it is. */
  async automatically(
    partner: Partner,
    exchange: Exchange,
    { content }: CandidateHead,
    data: Uint8Array,
  ): Promise<void> {
    if (content === undefined) throw new BrokerError('internal');
    const details = { partner: partner.id, automatic: true };
    const entry = this.#entry('response.released', partner.id, details, exchange.id);
    const answer = answerTo(exchange, partner, { object: 'response', data, ...content });
    await giveAnswer(this.engine.accept, answer, { beside: [write('journal.entry', { entry })] });
  }

  /** The reason is in the message alone, as when the software sends it: neither journal nor answer tells one from another. */
  async refuse(carer: Carer, id: string, { code, detail }: Refusal): Promise<void> {
    const { person, partner } = carer;
    await again(async () => {
      const { exchange } = await this.asked.of(partner.id, id);
      if (!awaitsAnswer(exchange)) throw alreadyAnswered();
      const data = Buffer.from(JSON.stringify({ code, ...(detail === undefined ? {} : { detail }) }));
      const answer = answerTo(exchange, partner, {
        object: 'refusal',
        mediaType: 'application/json',
        data,
      });
      const entry = this.#entry('request.declined', `person:${person.pseudonym}`, actingAs(carer));
      const beside = [write('journal.entry', { entry })];
      await giveAnswer(this.engine.accept, answer, { person: person.pseudonym, beside });
    });
  }

  /** @param exchangeId never of a refusal: it waits for the common tick */
  #entry(
    kind: string,
    actor: string,
    details: Record<string, string | boolean>,
    exchangeId?: string,
  ): RecordedEntry {
    const { clock, ids } = this.engine.stages;
    return recordEntry({
      id: ids.next(),
      at: clock.now().toISOString(),
      kind,
      actor,
      ...(exchangeId === undefined ? {} : { exchangeId }),
      flow: FLOW,
      details,
    });
  }
}
