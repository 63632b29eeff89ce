/** Connections under a mandate's own certificate: no call ever leaves under another's name. */
import { createHash, X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import type { CertificateJudge } from './usable-mandate.ts';

/** Suites of the house (facts §7.3); TLS 1.3 keeps its own three. */
const CIPHERS = ['AES256-GCM-SHA384', 'AES128-GCM-SHA256', 'CHACHA20-POLY1305']
  .flatMap((suite) => [`ECDHE-ECDSA-${suite}`, `ECDHE-RSA-${suite}`])
  .concat('TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256')
  .join(':');

export interface MandateAgentsOptions {
  /** anchors of the health network, PEM */
  ca: string;
  fault: CertificateJudge;
  connectTimeoutMs: number;
  /** largest answer that is read, bytes */
  maxResponseSize?: number;
}

const MOST = 200;

export class MandateAgents {
  readonly #pools = new LRUCache<string, Agent>({
    max: MOST,
    // waits for the calls under way
    dispose: (agent, _id, reason) => {
      if (reason === 'evict') void agent.close();
    },
  });

  constructor(private readonly options: MandateAgentsOptions) {}

  for({ certificate, key }: { certificate: string; key: string }): Agent {
    const id = createHash('sha256').update(certificate).update('\0').update(key).digest('base64');
    const known = this.#pools.get(id);
    if (known !== undefined) return known;
    const { ca, connectTimeoutMs, maxResponseSize } = this.options;
    const agent = new Agent({
      ...(maxResponseSize === undefined ? {} : { maxResponseSize }),
      connect: {
        cert: certificate,
        key,
        ca,
        minVersion: 'TLSv1.2',
        ciphers: CIPHERS,
        timeout: connectTimeoutMs,
        checkServerIdentity: (host, peer) => this.#judge(host, peer),
      },
      keepAliveTimeout: 30_000,
      // one endpoint cannot take every socket
      connections: 32,
    });
    this.#pools.set(id, agent);
    return agent;
  }

  async close(): Promise<void> {
    const all = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(all.map((agent) => agent.close()));
  }

  #judge(host: string, peer: PeerCertificate): Error | undefined {
    const wrong = checkServerIdentity(host, peer);
    if (wrong !== undefined) return wrong;
    const fault = this.options.fault(new X509Certificate(peer.raw), 'server');
    return fault === undefined ? undefined : new TypeError(`server certificate: ${fault}`);
  }
}
