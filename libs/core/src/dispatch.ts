/** What is to leave, without its content: the message, its contract, whom it goes to. */
import type { HookContext } from './contract.ts';
import { BrokerError } from './errors.ts';
import type { IdentityVerdict } from './identity.ts';
import type { Message } from './message.ts';
import type { Dispatch } from './outbound.ts';
import type { Stages } from './stages.ts';

/** @throws BrokerError `internal` when its flow is no longer in force, `configuration.invalid` without its recipient */
export async function dispatchOf(stages: Stages, message: Message): Promise<Dispatch> {
  const { records, flows, directory } = stages;
  const inForce = flows.of(message.flow, message.type);
  const contract = inForce?.flow.contract.objects[message.object];
  if (inForce === undefined || contract === undefined) throw new BrokerError('internal', { next: 'stop' });
  const recipients = message.recipients.map((id) => {
    const recipient = directory.partner(id);
    if (recipient === undefined) throw new BrokerError('configuration.invalid');
    return recipient;
  });
  const answered =
    contract.answers === true ? await records.exchange(message.correlationId ?? '') : undefined;
  const exchanges = contract.opens === undefined ? [] : await records.exchanges({ requestId: message.id });
  const named = { inForce, flow: message.flow, object: message.object, contract };
  return { message, named, recipients, exchanges, answered };
}

export function hookContext(
  { directory, tools }: Stages,
  message: Message,
  verdict?: IdentityVerdict,
): HookContext {
  const sender = directory.partner(message.sender);
  return {
    messageId: message.id,
    sender: {
      id: message.sender,
      name: sender?.name ?? message.sender,
      ...(sender?.siret === undefined ? {} : { siret: sender.siret }),
    },
    receivedAt: message.receivedAt,
    digest: message.digest,
    tools,
    ...(verdict === undefined ? {} : { verdict }),
    ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
    ...(message.subjectRef === undefined ? {} : { subjectRef: message.subjectRef }),
  };
}
