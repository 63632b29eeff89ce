/** A request that a worker or an employer sent, as its list shows it: where it stands, by when it is answered. */
import { BrokerError, type Exchange, type Message, type PartnerId } from '#core';
import type { Engine } from '../engine/engine.ts';
import { serviceOf } from './own-copies.ts';
import { isFrom } from './own-sending.ts';
import { type RequestStanding, refusalWords, standingOf } from './request-words.ts';

export interface RequestCard extends RequestStanding {
  id: string;
  service: { id: string; name: string };
  requestedAt: string;
  /** to quote to the service; it and the due date are there once the request is on its way */
  number?: string;
  dueAt?: string;
  overdue?: boolean;
  refusal?: { code: string; says: string };
}

export interface OwnRequest {
  card: RequestCard;
  exchange?: Exchange;
}

export async function requestOf({ stages }: Engine, message: Message): Promise<OwnRequest> {
  const { directory, records } = stages;
  const [exchange] = await records.exchanges({ requestId: message.id });
  const card: RequestCard = {
    id: message.id,
    service: serviceOf(message.recipients[0] ?? '', directory),
    requestedAt: message.receivedAt,
    ...standingOf(message, exchange),
  };
  if (exchange === undefined) return { card };
  const { id: number, deadline: dueAt, overdue, refusal: code } = exchange;
  const refusal = code === undefined ? {} : { refusal: { code, says: refusalWords(code) } };
  return { card: { ...card, number, dueAt, overdue, ...refusal }, exchange };
}

/**
 * @param sent by this reader
 * @param most that may await an answer of one service at a time
 * @throws BrokerError `state.conflict` with those words
 */
export async function refuseTooMany(
  engine: Engine,
  sent: readonly Message[],
  { key, service }: { key: string; service: PartnerId },
  { most, says }: { most: number; says: string },
): Promise<void> {
  // sent before from this very form: it is that one again
  if (sent.some(({ senderId }) => isFrom(key, senderId))) return;
  const toIt = sent.filter(({ recipients }) => recipients[0] === service);
  const requests = await Promise.all(toIt.map((message) => requestOf(engine, message)));
  const open = requests.filter(({ card: { state } }) => state === 'sent' || state === 'received');
  if (open.length >= most) throw new BrokerError('state.conflict', { detail: says });
}
