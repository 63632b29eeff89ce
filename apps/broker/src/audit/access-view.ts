/** A line of a service's register of accesses, or of who read it: chosen member by member from the journal's entry, nothing passes unnamed. */
import type { Directory, PartnerId, RegisteredEntry } from '#core';

const WHAT = {
  'dmst-request.created': 'request-created',
  'dmst-request.cancelled': 'request-cancelled',
  'message.accepted': 'message-sent',
  'dossier.opened': 'dossier-opened',
  'delivery.opened': 'dossier-opened',
  'request.opened': 'request-opened',
  'response.released': 'dossier-released',
  'identity.proposed': 'identity-proposed',
  'identity.released': 'identity-released',
  'identity.refused': 'identity-refused',
  'audit.register-read': 'register-read',
  'audit.readings-read': 'readings-read',
  'audit.purges-read': 'purges-read',
  'audit.worker-looked-up': 'worker-looked-up',
  'audit.register-exported': 'register-exported',
  'audit.traces-exported': 'traces-exported',
} as const;

export type AccessKind =
  | Exclude<(typeof WHAT)[keyof typeof WHAT], 'message-sent'>
  | 'request-sent'
  | 'dossier-sent';

export interface AccessView {
  /** the journal's entry */
  id: string;
  at: string;
  what: AccessKind;
  by: {
    kind: 'person' | 'software' | 'service' | 'relais';
    /** of a person of the service itself */
    pseudonym?: string;
    role?: string;
    delegation?: string;
    /** whose software, or which other service */
    partner?: string;
    partnerName?: string;
  };
  worker?: string;
  part?: string;
  request?: string;
  /** services that were asked, their ids between spaces */
  sources?: string;
  /** their names, in that order */
  sourceNames?: readonly string[];
  purpose?: string;
  /** why it was stopped, the evidence that was seen */
  reason?: string;
  messageId?: string;
}

interface Body {
  kind: keyof typeof WHAT;
  actor: string;
  messageId?: string;
  details?: Record<string, string | undefined>;
}

/** Object of an event type, by which a message tells what it is. */
const OBJECT = /^fr\.relais-st\.[a-z-]+\.([a-z-]+)\./;

/**
 * As the service `partner` may see it: of another service, which one it was and nothing of who in it.
 *
 * @param directory for the names of services; one that is no longer in it goes by its id
 */
export function accessView(
  { id, at, body, worker }: RegisteredEntry,
  partner: PartnerId,
  directory: Pick<Directory, 'partner'>,
): AccessView {
  const { kind, actor, messageId, details = {} } = JSON.parse(body) as Body;
  const { part, purpose, request, sources } = details;
  const reason = details['reason'] ?? details['evidence'];
  const nameOf = (one: PartnerId) => directory.partner(one)?.name ?? one;
  const sourceNames = sources?.split(' ').map(nameOf);
  const own = { part, request, sources, sourceNames, purpose, reason };
  const by = actorOf(actor, details, partner);
  return {
    id,
    at,
    what: whatOf(kind, details),
    by: by.partner === undefined ? by : { ...by, partnerName: nameOf(by.partner) },
    ...(worker === undefined ? {} : { worker }),
    ...(by.kind === 'service' ? {} : present(own)),
    ...(messageId === undefined ? {} : { messageId }),
  };
}

function whatOf(kind: Body['kind'], { type = '' }: Record<string, string | undefined>): AccessKind {
  const what = WHAT[kind];
  if (what !== 'message-sent') return what;
  return OBJECT.exec(type)?.[1] === 'request' ? 'request-sent' : 'dossier-sent';
}

function actorOf(
  actor: string,
  { delegation, partner: acting, recipient = '', role }: Record<string, string | undefined>,
  partner: PartnerId,
): AccessView['by'] {
  if (actor === 'broker') return { kind: 'relais' };
  if (!actor.startsWith('person:'))
    return { kind: actor === partner ? 'software' : 'service', partner: actor };
  const of = acting ?? recipient.replace(/^portal:/, '');
  if (of !== partner) return { kind: 'service', partner: of };
  return { kind: 'person', pseudonym: actor.slice('person:'.length), ...present({ role, delegation }) };
}

function present<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
