/** Answers whose opening is told to who gave them: who asks for one and who hands one over stand in the registers of accesses. */
import type { Content, ObjectContract } from './contract.ts';
import type { Exchange, Message } from './message.ts';
import type { PartnerId } from './partner.ts';
import type { FlowInForce, Stages } from './stages.ts';

interface Named {
  contract: ObjectContract;
  inForce: FlowInForce;
  object: string;
}

/** Whether whoever answers what this opens is told when the answer is opened. */
export function answersAreTold({ contract: { opens }, inForce: { flow } }: Omit<Named, 'object'>): boolean {
  return opens !== undefined && flow.contract.objects[opens.answeredBy]?.reportsOpening !== undefined;
}

/** The worker as each side may name him, while the content still says who that is. */
export function workersOf(
  { workers }: Pick<Stages, 'workers'>,
  named: Named,
  content: Content,
  { recipients, sender }: Pick<Message, 'sender' | 'recipients'>,
): (responder: PartnerId) => Pick<Exchange, 'requesterWorker' | 'responderWorker'> {
  const hook = named.inForce.flow.hooks[named.object]?.identity;
  const about = answersAreTold(named) ? hook?.(content, sender, recipients) : undefined;
  if (about === undefined) return () => ({});
  const requesterWorker = workers.of(sender, about.traits);
  return (responder) => {
    const responderWorker = workers.of(responder, about.traits);
    return {
      ...(requesterWorker === undefined ? {} : { requesterWorker }),
      ...(responderWorker === undefined ? {} : { responderWorker }),
    };
  };
}
