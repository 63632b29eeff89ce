/** Doubts: when a person must look before anything leaves (an identity, too few lines), and what that person is shown. */
import { parseJson } from './checks/json.ts';
import type { ErrorCode } from './errors.ts';
import { advance } from './exchange.ts';
import type { IdentityQuestion, IdentityVerdict } from './identity.ts';
import { recordEntry } from './journal.ts';
import type { Exchange } from './message.ts';
import type { Task } from './outbound.ts';
import { Pools } from './pools.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

/** Why a person must look, and what they are shown. */
export interface Doubt {
  /** whose identity-vigilance cell decides */
  partner: string;
  code: ErrorCode;
  reasons: readonly string[];
  details: object;
  /** exchange whose dossier names somebody else */
  quarantined?: Exchange;
}

export class Doubts {
  readonly pools: Pools;

  constructor(private readonly stages: Stages) {
    this.pools = new Pools(stages);
  }

  /** undefined = nothing to decide, or decided already. */
  async about(
    task: Task,
    verdict: IdentityVerdict | undefined,
    question: IdentityQuestion | undefined,
  ): Promise<Doubt | undefined> {
    const doubt =
      verdict?.inDoubt === true
        ? this.#inVerdict(task, verdict, question)
        : ((await this.#otherPerson(task)) ?? (await this.#tooFew(task)));
    return doubt === undefined || (await this.#released(task)) ? undefined : doubt;
  }

  /** What a person's evidence makes of a verdict that was in doubt; any other stays as it is. */
  async settled(
    { message }: Task,
    verdict: IdentityVerdict | undefined,
    question: IdentityQuestion | undefined,
  ): Promise<IdentityVerdict | undefined> {
    if (verdict?.inDoubt !== true || question === undefined) return verdict;
    const held = await this.stages.records.held(message.id);
    if (held?.decision === undefined) return verdict;
    return this.stages.identity.decided(verdict, question.traits, held.decision);
  }

  async #released(task: Task): Promise<boolean> {
    const held = await this.stages.records.held(task.message.id);
    return held?.decision?.verdict === 'release';
  }

  #inVerdict(task: Task, verdict: IdentityVerdict, question: IdentityQuestion | undefined): Doubt {
    return {
      // whoever it was asked for; a sender that is no service has no cell to decide
      partner: question?.spsti ?? task.message.sender,
      code: 'identity.in-doubt',
      reasons: verdict.reasons.map((reason) => reason.code),
      details: { sent: named(question), verdict },
    };
  }

  /** A dossier that names somebody else than the worker asked about is shown to nobody before a person has looked. */
  async #otherPerson({
    message,
    content,
    named: { inForce, contract, object },
    answered,
  }: Task): Promise<Doubt | undefined> {
    const { records, vault, identity } = this.stages;
    if (contract.identity !== 'subject-of-exchange' || answered?.groupId === undefined) return undefined;
    const told = inForce.flow.hooks[object]?.identity?.(content, message.sender, message.recipients);
    const request = await records.dmstRequest(answered.groupId);
    const question = await records.message(answered.requestId);
    if (told === undefined || request === undefined || question === undefined) return undefined;
    const { atRest, bytes } = request.worker;
    const opened = vault.open({ atRest, chunks: [bytes] }, `dmst-request/${request.id}`);
    const asked = inForce.flow.hooks[question.object]?.identity?.(
      { mediaType: 'application/json', bytes: opened, json: parseJson(opened) },
      answered.requester,
      question.recipients,
    );
    if (asked === undefined || identity.sameTraits(asked.traits, told.traits)) return undefined;
    return {
      partner: answered.requester,
      code: 'identity.in-doubt',
      reasons: ['subject.differs'],
      details: { sent: named(asked), told: named(told) },
      quarantined: answered,
    };
  }

  /** Somebody at the sender's accepts the risk that remains, or takes the lines back. */
  async #tooFew(task: Task): Promise<Doubt | undefined> {
    if (!(await this.pools.tooFew(task))) return undefined;
    const code = 'anonymity.k-too-low';
    return { partner: task.message.sender, code, reasons: [code], details: {} };
  }

  hold(task: Task, { partner, code, reasons, details, quarantined }: Doubt): Write[] {
    const { clock, ids, vault } = this.stages;
    const at = clock.now();
    const now = at.toISOString();
    const { atRest, chunks } = vault.seal(Buffer.from(JSON.stringify(details)), `held/${task.message.id}`);
    return [
      write('message.status', { id: task.message.id, status: 'held', reason: code }),
      ...(quarantined === undefined
        ? []
        : advance(quarantined, 'QUARANTINED', at, { sourceState: 'QUARANTINED' })),
      write('held.insert', {
        held: {
          id: task.message.id,
          messageId: task.message.id,
          partner,
          reasons,
          heldAt: now,
          details: { atRest, bytes: chunks[0] as Uint8Array },
        },
      }),
      write('journal.entry', {
        entry: recordEntry({
          id: ids.next(),
          at: now,
          kind: 'message.held',
          actor: 'broker',
          messageId: task.message.id,
          ...(quarantined === undefined ? {} : { exchangeId: quarantined.id }),
          flow: task.message.flow,
          details: { reasons: reasons.join(' ') },
        }),
      }),
    ];
  }
}

function named(question: IdentityQuestion | undefined): object {
  return { traits: question?.traits, ins: question?.ins };
}
