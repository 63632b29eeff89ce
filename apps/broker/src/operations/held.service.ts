/** The work list: identities in doubt (what was sent, what INSi said), lines too few to hide somebody; and the decision of a person. */
import {
  accessOf,
  advance,
  BrokerError,
  type EvidenceCode,
  type HeldIdentity,
  type Message,
  type PartnerId,
  type Person,
  prepareJob,
  prepareLane,
  recordEntry,
  type Write,
  write,
} from '#core';
import { checkDecision, type HeldContent, type Decision as HeldDecision, heldDetails } from '#identity';
import type { Engine } from '../engine/engine.ts';

/** Refusal code « identité à vérifier » (facts §6.3) */
const TO_VERIFY = 'R02';
/** Nobody's identity is in doubt: lines could be told from the others, and the sender's service takes the risk or not */
const TOO_FEW = 'anonymity.k-too-low';

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
    const decided = this.#checked({ ...decision, by: person.pseudonym }, held, at);
    const messages = await this.#sameDoubt(held);
    if (held.decision !== undefined || messages.length === 0)
      throw new BrokerError('state.conflict', { detail: 'Ce message n’attend plus de décision.' });
    const settled = messages.map(async (message) => [
      write('held.decide', { id: message.id, decision: decided }),
      ...(await this.#entry(person, message, decided, at)),
      ...(decision.verdict === 'release' ? this.#release(message, at) : await this.#refuse(message, at)),
    ]);
    await unitOfWork.commit((await Promise.all(settled)).flat());
    if (decision.verdict === 'release') for (const { sender } of messages) bell.ring(prepareLane(sender));
    return { id, verdict: decision.verdict, at: at.toISOString() };
  }

  #checked(decision: Decision & { by: string }, { reasons }: HeldIdentity, at: Date): HeldDecision {
    const rules = {
      at: at.toISOString(),
      ...(reasons.includes(TOO_FEW) ? {} : { acceptedEvidence: this.acceptedEvidence }),
    };
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
      write('job.insert', { job: prepareJob(message, this.engine.stages.ids.next(), at) }),
    ];
  }

  /** Who asked, or sent, sees why. */
  async #refuse({ id, reason = 'identity.in-doubt' }: Message, at: Date): Promise<Write[]> {
    const refusal = reason === TOO_FEW ? TOO_FEW : TO_VERIFY;
    const exchanges = await this.engine.stages.records.exchanges({ requestId: id });
    return [
      write('job.cancel', { messageId: id }),
      write('message.status', { id, from: ['held'], status: 'refused', reason }),
      write('payload.purge', { messageId: id }),
      ...exchanges.flatMap((exchange) => advance(exchange, 'REFUSED', at, { refusal })),
    ];
  }

  /** An identity was seen: in the journal, and in the service's register where it was a worker of a dossier. */
  async #entry(
    person: Person & { partner: PartnerId },
    message: Message,
    { verdict, evidence }: Decision,
    at: Date,
  ): Promise<Write[]> {
    const worker = await this.#workerOf(message, person.partner);
    const entry = recordEntry({
      id: this.engine.stages.ids.next(),
      at: at.toISOString(),
      kind: `${message.reason === TOO_FEW ? 'anonymity' : 'identity'}.${verdict === 'release' ? 'released' : 'refused'}`,
      actor: `person:${person.pseudonym}`,
      messageId: message.id,
      flow: message.flow,
      // the reason is free text: it stays with the decision, out of the journal
      details: {
        ...(evidence === '' ? {} : { evidence }),
        ...(worker === undefined ? {} : { worker }),
        partner: person.partner,
        role: person.role,
      },
    });
    const entered = write('journal.entry', { entry });
    return message.reason === TOO_FEW ? [entered] : [entered, accessOf(entry, person.partner, worker)];
  }

  /** Of the request itself, or of the answer to it. */
  async #workerOf({ correlationId, id }: Message, partner: PartnerId): Promise<string | undefined> {
    const { records } = this.engine.stages;
    const [asked] = await records.exchanges({ requestId: id });
    const exchange =
      asked ?? (correlationId === undefined ? undefined : await records.exchange(correlationId));
    if (exchange === undefined) return undefined;
    return exchange.requester === partner ? exchange.requesterWorker : exchange.responderWorker;
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
