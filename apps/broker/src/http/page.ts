/** Lists are given page by page, in the order of ids; a header says where the next page begins. */
import type { FastifyReply } from 'fastify';
import { BrokerError } from '#core';

const DEFAULT = 100;
const MAX = 500;

export interface Page {
  limit: number;
  afterId?: string;
}

/** Of `limit` (1–500, 100) and `after` (id of the last one of the page before). @throws BrokerError `event.malformed` */
export function pageOf(limit: unknown, after: unknown): Page {
  const value = limit === undefined || limit === '' ? DEFAULT : Number(limit);
  if (!Number.isInteger(value) || value < 1 || value > MAX) throw malformed('limit');
  if (after === undefined) return { limit: value };
  if (typeof after !== 'string' || !/^[\w-]{1,64}$/.test(after)) throw malformed('after');
  return { limit: value, afterId: after };
}

/**
 * `Link: <…>; rel="next"` (RFC 8288) when there may be more. Of what was read, not of what is shown: a page of which the
 * caller may see nothing is followed by others.
 */
export function linkNext(
  reply: FastifyReply,
  path: string,
  { limit }: Page,
  read: readonly { id: string }[],
  filter: Readonly<Record<string, string>> = {},
): void {
  const last = read.at(-1);
  if (last === undefined || read.length < limit) return;
  const query = new URLSearchParams({ ...filter, limit: String(limit), after: last.id });
  reply.header('link', `<${path}?${query}>; rel="next"`);
}

function malformed(name: string): BrokerError {
  return new BrokerError('event.malformed', { detail: `Paramètre ${name} illisible ou hors bornes.` });
}
