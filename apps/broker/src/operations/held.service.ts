/** The identity-vigilance work list: what was sent, what INSi said, and the decision of a person. */
import {
  BrokerError,
  type EvidenceCode,
  type HeldIdentity,
  type PartnerId,
  type Person,
  recordEntry,
  write,
} from '#core';
import type { Engine } from '../engine/engine.ts';

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

  async decide(person: Person & { partner: PartnerId }, id: string, decision: Decision): Promise<object> {
    const { clock, ids, records, unitOfWork, bell } = this.engine.stages;
    const held = await records.held(id);
    if (held === undefined || held.partner !== person.partner) throw new BrokerError('not-found');
    if (held.decision !== undefined)
      throw new BrokerError('state.conflict', { detail: 'Cette identité a déjà été tranchée.' });
    if (!this.acceptedEvidence.some((code) => code === decision.evidence)) {
      throw new BrokerError('content.invalid', {
        findings: [
          {
            pointer: '/evidence',
            code: 'identity.evidence',
            detail: 'Justificatif hors de la liste acceptée.',
          },
        ],
      });
    }
    const message = await records.message(held.messageId);
    if (message === undefined) throw new BrokerError('not-found');
    if (message.status !== 'held')
      throw new BrokerError('state.conflict', { detail: 'Ce message n’attend plus de décision.' });
    const at = clock.now().toISOString();
    const release = decision.verdict === 'release';
    const entry = recordEntry({
      id: ids.next(),
      at,
      kind: `identity.${release ? 'released' : 'refused'}`,
      actor: `person:${person.pseudonym}`,
      messageId: message.id,
      flow: message.flow,
      // the reason is free text: it stays with the decision, out of the journal
      details: { evidence: decision.evidence, partner: person.partner },
    });
    await unitOfWork.commit([
      write('held.decide', { id, decision: { ...decision, by: person.pseudonym, at } }),
      write('journal.entry', { entry }),
      // the one that would have ended its life
      write('job.cancel', { messageId: message.id }),
      ...(release
        ? [
            write('message.status', { id: message.id, from: ['held'], status: 'accepted' }),
            write('job.insert', {
              job: {
                id: ids.next(),
                stage: 'prepare' as const,
                lane: 'prepare',
                rank: message.priority === 'interactive' ? (0 as const) : (1 as const),
                messageId: message.id,
                runAt: at,
                attempts: 0,
              },
            }),
          ]
        : [
            write('message.status', {
              id: message.id,
              from: ['held'],
              status: 'refused',
              reason: 'identity.in-doubt',
            }),
            write('payload.purge', { messageId: message.id }),
          ]),
    ]);
    if (release) bell.ring('prepare');
    return { id, verdict: decision.verdict, at };
  }

  #view({ id, messageId, reasons, heldAt, details }: HeldIdentity): object {
    const { atRest, bytes } = details;
    const opened = this.engine.stages.vault.open({ atRest, chunks: [bytes] }, `held/${messageId}`);
    return { id, messageId, reasons, heldAt, details: JSON.parse(Buffer.from(opened).toString()) as unknown };
  }
}
