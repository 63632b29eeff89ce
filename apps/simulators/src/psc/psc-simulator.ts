import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import { interact } from './interaction.ts';
import type { Realm } from './realm.ts';
import { realmProvider } from './realm-provider.ts';

export interface PscSimulator {
  /** issuer of the realm at the root, else of the first */
  issuer: string;
  /** issuer of each realm, by path */
  issuers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Pro Santé Connect and services' staff issuers on loopback: real OpenID providers, one a realm, on one port.
 * Besides the standard path, discovery answers at PSC's own, `/.well-known/wallet-openid-configuration`.
 *
 * @param options.port 0 = a free one
 * @param options.realms called with the origin once the port is known, or a list
 */
export async function startPscSimulator(options: {
  port: number;
  realms: readonly Realm[] | ((origin: string) => readonly Realm[]);
}): Promise<PscSimulator> {
  const hosted: { realm: Realm; provider: Provider; handle: ReturnType<Provider['callback']> }[] = [];
  const server = createServer((request, response) => {
    serve(hosted, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const realms = typeof options.realms === 'function' ? options.realms(origin) : options.realms;
  for (const realm of realms) {
    const provider = realmProvider(realm, `${origin}${realm.path}`);
    hosted.push({ realm, provider, handle: provider.callback() });
  }
  // the longest path first: the root would take everything
  hosted.sort((a, b) => b.realm.path.length - a.realm.path.length);
  const issuers = Object.fromEntries(realms.map(({ path }) => [path, `${origin}${path}`]));
  return {
    issuer: issuers[''] ?? Object.values(issuers)[0] ?? origin,
    issuers,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(
  hosted: readonly { realm: Realm; provider: Provider; handle: ReturnType<Provider['callback']> }[],
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/';
  const host = hosted.find(({ realm }) => url === realm.path || url.startsWith(`${realm.path}/`));
  if (host === undefined) {
    response.writeHead(404).end();
    return;
  }
  const path = url.slice(host.realm.path.length) || '/';
  if (path.startsWith('/interaction/')) {
    await interact(host.realm, host.provider, request, response);
    return;
  }
  request.url = path.replace('/.well-known/wallet-openid-configuration', '/.well-known/openid-configuration');
  // the provider finds where it is mounted by comparing the two
  request.originalUrl = `${host.realm.path}${request.url}`;
  await host.handle(request, response);
}
