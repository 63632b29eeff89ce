import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import { interact } from './interaction.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { Phone } from './phone.ts';
import { answerPhone } from './phone-page.ts';
import type { Realm } from './realm.ts';
import { type Conduct, realmProvider } from './realm-provider.ts';

export interface PscSimulator {
  /** issuer of the realm at the root, else of the first */
  issuer: string;
  /** issuer of each realm, by path */
  issuers: Readonly<Record<string, string>>;
  /** the device that CIBA rings, by the path of the realm (default: the root); also a page, `<realm>/phone` */
  phone(path?: string): Phone;
  /** from now on every id_token has that fault; undefined = none any more */
  misbehave(fault: Misbehaviour | undefined, path?: string): void;
  /** 503 to everything, until it is back */
  away(isAway: boolean, path?: string): void;
  /** the next polls are told to slow down */
  slowDown(times: number, path?: string): void;
  /** instants of the CIBA polls so far, ms since the epoch */
  polls(path?: string): readonly number[];
  close(): Promise<void>;
}

interface Hosted {
  realm: Realm;
  provider: Provider;
  phone: Phone;
  conduct: Conduct;
  handle: ReturnType<Provider['callback']>;
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
  const hosted: Hosted[] = [];
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
    const phone = new Phone(realm);
    const conduct: Conduct = { slowDowns: 0, polls: [] };
    const provider = realmProvider(realm, `${origin}${realm.path}`, phone, conduct);
    hosted.push({ realm, provider, phone, conduct, handle: provider.callback() });
  }
  // the longest path first: the root would take everything
  hosted.sort((a, b) => b.realm.path.length - a.realm.path.length);
  const at = (path = ''): Hosted => {
    const host = hosted.find(({ realm }) => realm.path === path);
    if (host === undefined) throw new Error(`no realm at ${path}`);
    return host;
  };
  const issuers = Object.fromEntries(realms.map(({ path }) => [path, `${origin}${path}`]));
  return {
    issuer: issuers[''] ?? Object.values(issuers)[0] ?? origin,
    issuers,
    phone: (path) => at(path).phone,
    misbehave: (fault, path) => {
      const { conduct } = at(path);
      if (fault === undefined) delete conduct.fault;
      else conduct.fault = fault;
    },
    away: (isAway, path) => {
      at(path).conduct.away = isAway;
    },
    slowDown: (times, path) => {
      at(path).conduct.slowDowns = times;
    },
    polls: (path) => at(path).conduct.polls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function serve(
  hosted: readonly Hosted[],
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/';
  const host = hosted.find(({ realm }) => url === realm.path || url.startsWith(`${realm.path}/`));
  if (host === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (host.conduct.away === true) {
    response.writeHead(503).end();
    return;
  }
  const path = url.slice(host.realm.path.length) || '/';
  if (path.startsWith('/interaction/')) {
    await interact(host.realm, host.provider, request, response);
    return;
  }
  if (path === '/phone') {
    await answerPhone(host.realm, host.phone, request, response);
    return;
  }
  request.url = path.replace('/.well-known/wallet-openid-configuration', '/.well-known/openid-configuration');
  // the provider finds where it is mounted by comparing the two
  request.originalUrl = `${host.realm.path}${request.url}`;
  await host.handle(request, response);
}
