import type { RelaisClient } from '#client';

const seenBy = new WeakMap<RelaisClient, Map<string, string>>();

/** Whether this key first came with this message; a message that is handed over twice is no duplicate of itself. */
export function isFirst(client: RelaisClient, key: string, messageId: string): boolean {
  const seen = seenBy.get(client) ?? new Map<string, string>();
  seenBy.set(client, seen);
  const first = seen.get(key) ?? messageId;
  seen.set(key, first);
  return first === messageId;
}
