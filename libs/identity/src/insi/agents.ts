import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import type { Credentials } from './mandate.ts';

/** Suites of the house (facts §7.3); TLS 1.3 keeps its own three. */
const CIPHERS = ['AES256-GCM-SHA384', 'AES128-GCM-SHA256', 'CHACHA20-POLY1305']
  .flatMap((suite) => [`ECDHE-ECDSA-${suite}`, `ECDHE-RSA-${suite}`])
  .concat('TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256')
  .join(':');

export interface Agents {
  for(credentials: Credentials): Agent;
  close(): Promise<void>;
}

/** One pool of kept-alive mTLS connections per mandate certificate: no call ever leaves under another's name. */
export function createAgents(options: {
  ca: string | readonly string[];
  serverName?: string;
  max?: number;
}): Agents {
  const pools = new LRUCache<string, Agent>({
    max: options.max ?? 200,
    // waits for the calls under way
    dispose: (agent, _id, reason) => {
      if (reason === 'evict') void agent.close();
    },
  });
  return {
    for({ certificate, key }) {
      const id = createHash('sha256').update(certificate).update('\0').update(key).digest('base64');
      const known = pools.get(id);
      if (known !== undefined) return known;
      const agent = new Agent({
        connect: {
          ca: [options.ca].flat(),
          cert: certificate,
          key,
          minVersion: 'TLSv1.2',
          ciphers: CIPHERS,
          ...(options.serverName === undefined ? {} : { servername: options.serverName }),
        },
      });
      pools.set(id, agent);
      return agent;
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((agent) => agent.close()));
    },
  };
}
