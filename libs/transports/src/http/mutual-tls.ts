import { Agent } from 'undici';

export interface MutualTlsOptions {
  /** PEM: Relais' client certificate and key, and the anchors of partners' servers */
  tls: { cert: string; key: string; ca: string; crl?: string };
  connectTimeoutMs: number;
}

/** Connections by which Relais shows its certificate and believes a server of the network only. */
export function mutualTlsAgent(
  { tls: { cert, key, ca, crl }, connectTimeoutMs }: MutualTlsOptions,
  more: { maxResponseSize?: number } = {},
): Agent {
  return new Agent({
    ...more,
    connect: {
      cert,
      key,
      ca,
      minVersion: 'TLSv1.2',
      timeout: connectTimeoutMs,
      ...(crl === undefined ? {} : { crl }),
    },
    keepAliveTimeout: 30_000,
    // one endpoint cannot take every socket
    connections: 32,
  });
}
