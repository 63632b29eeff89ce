import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  payload: AdapterPayload;
  /** ms since the epoch */
  until: number;
}

/**
 * Memory of one realm: nothing of an issuer is known to the issuer beside it. Lives as long as the simulator,
 * whose sessions are few, so that nothing is swept but by reading.
 */
export function realmStore(): (model: string) => Adapter {
  const kept = new Map<string, Kept>();

  const read = (key: string): AdapterPayload | undefined => {
    const found = kept.get(key);
    if (found === undefined) return undefined;
    if (found.until > Date.now()) return found.payload;
    kept.delete(key);
    return undefined;
  };

  return (model) => {
    const find = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
      for (const key of kept.keys()) {
        if (!key.startsWith(`${model}:`)) continue;
        const payload = read(key);
        if (payload !== undefined && matches(payload)) return payload;
      }
      return undefined;
    };
    return {
      async upsert(id, payload, expiresIn) {
        kept.set(`${model}:${id}`, {
          payload,
          until: expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000,
        });
      },
      async find(id) {
        return read(`${model}:${id}`);
      },
      async findByUid(uid) {
        return find((payload) => payload.uid === uid);
      },
      async findByUserCode(userCode) {
        return find((payload) => payload.userCode === userCode);
      },
      async consume(id) {
        const payload = read(`${model}:${id}`);
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        kept.delete(`${model}:${id}`);
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}
