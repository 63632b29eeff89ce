/** A request as the service asked may read it: its pages' copy, sealed to keys that are theirs alone. */
import {
  BrokerError,
  type Delivery,
  type Exchange,
  type NamedPerson,
  type PartnerId,
  type Stages,
} from '#core';
import type { TenantKeys } from '#protection';

export const FLOW = 'dmst-portability';

/** Content of a `request` as Relais passed it on: the worker as verified. */
export interface RequestTold {
  worker: NamedPerson;
  requester: { role: string; name: string; RPPS?: string; localId?: string };
  legalGate?: { informedAt?: string; recordedBy?: string };
  purpose: string;
}

/** An exchange that a service must answer, with the copy of its request. */
export interface Asked {
  exchange: Exchange;
  copy: Delivery;
  /** what its software got */
  delivery: Delivery | undefined;
}

export class AskedAbout {
  constructor(
    private readonly stages: Pick<Stages, 'records'>,
    private readonly tenantKeys: Pick<TenantKeys, 'open'>,
  ) {}

  /** @throws BrokerError `not-found`, for another's exchange as for one whose request these pages were not given */
  async of(service: PartnerId, id: string): Promise<Asked> {
    const exchange = await this.stages.records.exchange(id);
    if (exchange?.responder !== service || exchange.flow !== FLOW) throw new BrokerError('not-found');
    const deliveries = await this.stages.records.deliveries(exchange.requestId);
    const to = (recipient: string) => deliveries.find((one) => one.recipient === recipient);
    const copy = to(`portal:${service}`);
    if (copy === undefined) throw new BrokerError('not-found');
    return { exchange, copy, delivery: to(service) };
  }

  /** @throws BrokerError `state.conflict` once the copy is gone */
  async open({ exchange, copy }: Asked): Promise<RequestTold> {
    const parts = await this.stages.records.parts(copy.id);
    if (parts.length === 0)
      throw new BrokerError('state.conflict', { detail: 'Cette demande n’est plus lisible ici.' });
    const pieces = parts.map(({ jwe }) => this.tenantKeys.open(exchange.responder, jwe));
    return JSON.parse(Buffer.concat(pieces).toString()) as RequestTold;
  }
}
