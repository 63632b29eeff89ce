/** A message that the vendor's software sends while it is tested: what accept would say of it, without an exchange. */
import type { IncomingMessage } from 'node:http';
import {
  asBrokerError,
  BrokerError,
  bareMediaType,
  bulkFindings,
  checkFlow,
  checkMediaType,
  checkSize,
  digestOf,
  type Finding,
  findingsOf,
  type Partner,
  parseJson,
  partnerSource,
} from '#core';
import { JWS_TYPES } from '#protection';
import { uuidv7 } from '../../../broker/src/engine/stage-ports.ts';
import { binaryEvent, type ReceivedEvent } from '../../../broker/src/intake/cloud-event.ts';
import type { NamedFlow } from './received-samples.ts';
import type { Tools } from './tools.ts';

export interface HeardAnswer {
  flow: string;
  object: string;
  /** what is answered `202` */
  accepted?: object;
  problem?: BrokerError;
}

export async function hearAnswer(
  tools: Tools,
  partner: Partner,
  headers: IncomingMessage['headersDistinct'],
  body: Buffer,
): Promise<HeardAnswer> {
  let named: NamedFlow | undefined;
  try {
    const received = opened(tools, binaryEvent(headers, body));
    if (received.event.source !== partnerSource(partner.id)) throw new BrokerError('source.mismatch');
    named = checkFlow(received, tools.flows);
    const { contract, flow, object } = named;
    if (!contract.senders.includes(partner.kind)) throw new BrokerError('flow.not-allowed');
    const findings = await findingsIn(tools, named, received);
    if (findings.length > 0) throw new BrokerError('content.invalid', { findings });
    return { flow, object, accepted: acceptance(tools, flow, received) };
  } catch (error) {
    return { flow: named?.flow ?? '?', object: named?.object ?? '?', problem: asBrokerError(error) };
  }
}

function opened({ protection }: Tools, { event, data }: ReceivedEvent): ReceivedEvent {
  if (bareMediaType(event.datacontenttype) !== 'application/jose') return { event, data };
  const jwe = Buffer.from(data).toString('latin1').trim();
  const plain = protection.openOwn(jwe);
  const header = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString()) as {
    cty?: unknown;
  };
  const datacontenttype = typeof header.cty === 'string' ? header.cty : 'application/json';
  return { event: { ...event, datacontenttype }, data: plain };
}

/** Of any content that a partner may send. */
export async function findingsIn(
  { clock, renderer }: Pick<Tools, 'clock' | 'renderer'>,
  named: NamedFlow,
  {
    event,
    data,
  }: { event: { datacontenttype: string; lastvisit?: string; subjectref?: string }; data: Uint8Array },
): Promise<readonly Finding[]> {
  const mediaType = bareMediaType(event.datacontenttype);
  checkMediaType({ mediaType }, named.contract);
  checkSize({ data }, named.contract);
  if (mediaType === 'application/pdf') return renderer.inspect(data);
  const context = {
    now: clock.now().toISOString(),
    recipients: [],
    ...(event.lastvisit === undefined ? {} : { lastVisit: event.lastvisit }),
    ...(event.subjectref === undefined ? {} : { subjectRef: event.subjectref }),
  };
  if (named.contract.bulk !== undefined) return bulkFindings(data, named, named.contract.bulk, context);
  const content = {
    mediaType,
    bytes: data,
    ...(mediaType === 'application/json' ? { json: parseJson(data) } : {}),
  };
  return findingsOf(content, named, context);
}

/** A receipt that proves nothing: the journal entry that it names is all zeros. */
function acceptance({ signing, clock }: Tools, flow: string, { event, data }: ReceivedEvent): object {
  const fields = {
    id: uuidv7.next(),
    senderId: event.id,
    flow,
    status: 'accepted',
    receivedAt: clock.now().toISOString(),
    digest: digestOf(data),
    journal: { entry: '00000000-0000-7000-8000-000000000000', hash: '0'.repeat(64) },
  };
  return { ...fields, receipt: signing.sign(fields, JWS_TYPES.receipt) };
}
