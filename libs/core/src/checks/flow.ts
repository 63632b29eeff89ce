import { type ObjectContract, parseEventType } from '../contract.ts';
import { BrokerError } from '../errors.ts';
import type { EventAttributes, Incoming } from '../event.ts';
import type { FlowInForce, FlowTable } from '../stages.ts';

export interface NamedFlow {
  inForce: FlowInForce;
  flow: string;
  object: string;
  contract: ObjectContract;
}

/** The type names a flow and an object that exist, at a major version that is in force. */
export function checkFlow({ event }: { event: Pick<EventAttributes, 'type'> }, flows: FlowTable): NamedFlow {
  const named = namedBy(event.type, flows);
  if (named?.inForce.open === false) {
    throw new BrokerError('gate.feature-off', {
      detail: 'Ce flux n’est pas ouvert sur cette installation (RELAIS_FEATURES).',
    });
  }
  if (named === undefined) {
    throw new BrokerError('flow.unknown', {
      detail: 'Le type d’événement ne correspond à aucun flux en vigueur (voir GET /v1/flows).',
    });
  }
  return named;
}

/** Whether a type is one of ours: any other is the sender's own words. */
export function isInForce(type: unknown, flows: FlowTable): boolean {
  return typeof type === 'string' && namedBy(type, flows) !== undefined;
}

/** Flow and object of a type that is one of ours; nothing of any other. */
export function flowNamed(type: unknown, flows: FlowTable): { flow?: string; object?: string } {
  const named = typeof type === 'string' ? namedBy(type, flows) : undefined;
  return named === undefined ? {} : { flow: named.flow, object: named.object };
}

function namedBy(eventType: string, flows: FlowTable): NamedFlow | undefined {
  const type = parseEventType(eventType);
  const inForce = type === undefined ? undefined : flows.of(type.flow, eventType);
  const objects = inForce?.flow.contract.objects ?? {};
  const contract =
    type !== undefined && Object.hasOwn(objects, type.object) ? objects[type.object] : undefined;
  if (type === undefined || inForce === undefined || contract?.major !== type.major) return undefined;
  return { inForce, flow: type.flow, object: type.object, contract };
}

/** The sender's kind may send that object, and its agreement opens the flow to it. */
export function checkSender({ partner }: Omit<Incoming, 'data'>, { flow, contract }: NamedFlow): void {
  if (!contract.senders.includes(partner.kind) || !partner.flows.includes(flow)) {
    throw new BrokerError('flow.not-allowed', {
      detail: 'La convention de ce partenaire ne l’autorise pas à émettre cet objet.',
    });
  }
}
