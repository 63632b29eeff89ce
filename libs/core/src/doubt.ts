/** An identity that only a person may settle: the message waits on the work list of a service's vigilance cell. */
import { parseJson } from './checks/json.ts';
import { advance } from './exchange.ts';
import type { IdentityQuestion, IdentityVerdict } from './identity.ts';
import { recordEntry } from './journal.ts';
import type { Exchange, Message } from './message.ts';
import type { Task } from './outbound.ts';
import type { PartnerId } from './partner.ts';
import type { Stages } from './stages.ts';
import { type Write, write } from './writes.ts';

export interface Doubt {
  /** whose cell decides */
  partner: PartnerId;
  /** codes */
  reasons: readonly string[];
  /** what the cell is shown: HeldIdentity.details */
  details: object;
  /** exchange whose dossier names somebody else */
  quarantined?: Exchange;
}

/** What the service sent does not agree with what INSi said. */
export function doubtOf(
  { message }: Task,
  verdict: IdentityVerdict,
  question: IdentityQuestion | undefined,
): Doubt {
  return {
    partner: message.sender,
    reasons: verdict.reasons.map((reason) => reason.code),
    details: { sent: named(question), verdict },
  };
}

/**
 * A dossier that names somebody else than the worker asked about is shown to nobody before a person of the asking
 * service has looked. Nothing to compare in a PDF, nor in an exchange that no doctor's request opened.
 */
export async function otherPerson(
  { records, vault, identity }: Stages,
  { message, content, named: { inForce, contract, object }, answered }: Task,
): Promise<Doubt | undefined> {
  if (contract.identity !== 'subject-of-exchange' || answered?.groupId === undefined) return undefined;
  const told = inForce.flow.hooks[object]?.identity?.(content, message.sender);
  const request = await records.dmstRequest(answered.groupId);
  const question = await records.message(answered.requestId);
  if (told === undefined || request === undefined || question === undefined) return undefined;
  const { atRest, bytes } = request.worker;
  const opened = vault.open({ atRest, chunks: [bytes] }, `dmst-request/${request.id}`);
  const asked = inForce.flow.hooks[question.object]?.identity?.(
    { mediaType: 'application/json', bytes: opened, json: parseJson(opened) },
    answered.requester,
  );
  if (asked === undefined || identity.sameTraits(asked.traits, told.traits)) return undefined;
  return {
    partner: answered.requester,
    reasons: ['subject.differs'],
    details: { sent: named(asked), told: named(told) },
    quarantined: answered,
  };
}

/** Writes that stop the message where it is, until somebody decides. */
export function hold(
  { clock, ids, vault }: Stages,
  message: Message,
  { partner, reasons, details, quarantined }: Doubt,
): Write[] {
  const now = clock.now();
  const { atRest, chunks } = vault.seal(Buffer.from(JSON.stringify(details)), `held/${message.id}`);
  return [
    write('message.status', { id: message.id, status: 'held', reason: 'identity.in-doubt' }),
    ...(quarantined === undefined
      ? []
      : advance(quarantined, 'QUARANTINED', now, { sourceState: 'QUARANTINED' })),
    write('held.insert', {
      held: {
        id: message.id,
        messageId: message.id,
        partner,
        reasons,
        heldAt: now.toISOString(),
        details: { atRest, bytes: chunks[0] as Uint8Array },
      },
    }),
    write('journal.entry', {
      entry: recordEntry({
        id: ids.next(),
        at: now.toISOString(),
        kind: 'message.held',
        actor: 'broker',
        messageId: message.id,
        ...(quarantined === undefined ? {} : { exchangeId: quarantined.id }),
        flow: message.flow,
        details: { reasons: reasons.join(' ') },
      }),
    }),
  ];
}

function named(question: IdentityQuestion | undefined): object {
  return { traits: question?.traits, ins: question?.ins };
}
