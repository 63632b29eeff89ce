/** The identity-vigilance work list: what was sent, what INSi said, and the decision of a person. */
import {
  advance,
  BrokerError,
  type EvidenceCode,
  type HeldIdentity,
  type Message,
  type PartnerId,
  type Person,
  recordEntry,
  type Write,
  write,
} from '#core';
import { checkDecision, type HeldContent, type Decision as HeldDecision, heldDetails } from '#identity';
import type { Engine } from '../engine/engine.ts';

/** Refusal code « identité à vérifier » (facts §6.3) */
const TO_VERIFY = 'R02';

export interface Decision {
  verdict: 'release' | 'refuse';
  evidence: string;
  reason: string;
}

export class HeldService {
  constructor(
    private readonly engine: Engine,
    /** no default choice anywhere: the list is a setting */
    private readonly acceptedEvidence: readonly EvidenceCode[],
  ) {}

  async list(partner: PartnerId): Promise<object[]> {
    const held = await this.engine.stages.records.heldOf(partner);
    return held.map((one) => this.#view(one));
  }

  /** One decision settles every source of the same request: the doubt is about the person, not about who is asked. */
  async decide(person: Person & { partner: PartnerId }, id: string, decision: Decision): Promise<object> {
    const { clock, records, unitOfWork, bell } = this.engine.stages;
    const held = await records.held(id);
    if (held === undefined || held.partner !== person.partner) throw new BrokerError('not-found');
    const at = clock.now();
    const decided = this.#checked({ ...decision, by: person.pseudonym }, at);
    const messages = await this.#sameDoubt(held);
    if (held.decision !== undefined || messages.length === 0)
      throw new BrokerError('state.conflict', { detail: 'Cette identité n’attend plus de décision.' });
    const settled = messages.map(async (message) => [
      write('held.decide', { id: message.id, decision: decided }),
      this.#entry(person, message, decision, at),
      ...(decision.verdict === 'release' ? this.#release(message, at) : await this.#refuse(message, at)),
    ]);
    await unitOfWork.commit((await Promise.all(settled)).flat());
    if (decision.verdict === 'release') bell.ring('prepare');
    return { id, verdict: decision.verdict, at: at.toISOString() };
  }

  #checked(decision: Decision & { by: string }, at: Date): HeldDecision {
    const rules = { acceptedEvidence: this.acceptedEvidence, at: at.toISOString() };
    const checked = checkDecision(decision, rules);
    if (!checked.ok) throw new BrokerError('content.invalid', { findings: checked.findings });
    return checked.value;
  }

  /** The held message itself, and those by which the same request asked other services. */
  async #sameDoubt({ messageId }: HeldIdentity): Promise<Message[]> {
    const { records } = this.engine.stages;
    const [exchange] = await records.exchanges({ requestId: messageId });
    const siblings =
      exchange?.groupId === undefined ? [] : await records.exchanges({ groupId: exchange.groupId });
    const ids = new Set([messageId, ...siblings.map(({ requestId }) => requestId)]);
    const messages = await Promise.all([...ids].map((id) => records.message(id)));
    return messages.filter((message): message is Message => message?.status === 'held');
  }

  #release(message: Message, at: Date): Write[] {
    return [
      // the one that would have ended its life
      write('job.cancel', { messageId: message.id }),
      write('message.status', { id: message.id, from: ['held'], status: 'accepted' }),
      write('job.insert', {
        job: {
          id: this.engine.stages.ids.next(),
          stage: 'prepare',
          lane: 'prepare',
          rank: message.priority === 'interactive' ? 0 : 1,
          messageId: message.id,
          runAt: at.toISOString(),
          attempts: 0,
        },
      }),
    ];
  }

  /** Who asked sees a request refused because the identity is to be verified. */
  async #refuse({ id }: Message, at: Date): Promise<Write[]> {
    const exchanges = await this.engine.stages.records.exchanges({ requestId: id });
    return [
      write('job.cancel', { messageId: id }),
      write('message.status', { id, from: ['held'], status: 'refused', reason: 'identity.in-doubt' }),
      write('payload.purge', { messageId: id }),
      ...exchanges.flatMap((exchange) => advance(exchange, 'REFUSED', at, { refusal: TO_VERIFY })),
    ];
  }

  #entry(
    person: Person & { partner: PartnerId },
    message: Message,
    { verdict, evidence }: Decision,
    at: Date,
  ): Write {
    const entry = recordEntry({
      id: this.engine.stages.ids.next(),
      at: at.toISOString(),
      kind: verdict === 'release' ? 'identity.released' : 'identity.refused',
      actor: `person:${person.pseudonym}`,
      messageId: message.id,
      flow: message.flow,
      // the reason is free text: it stays with the decision, out of the journal
      details: { evidence, partner: person.partner },
    });
    return write('journal.entry', { entry });
  }

  #view({ id, messageId, reasons, heldAt, details }: HeldIdentity): object {
    const { atRest, bytes } = details;
    const opened = this.engine.stages.vault.open({ atRest, chunks: [bytes] }, `held/${messageId}`);
    const content = JSON.parse(Buffer.from(opened).toString()) as HeldContent | Record<string, never>;
    // too few alike: nobody's identity is in doubt, and the reason says it all
    return {
      id,
      messageId,
      reasons,
      heldAt,
      details: 'sent' in content ? heldDetails(content as HeldContent) : {},
    };
  }
}
