/** `https://autoconfig.<domain>/mail/config-v1.1.xml` of the simulated operator. */
import { createServer } from 'node:https';

export interface AutoconfigOptions {
  tls: { cert: string; key: string };
  /** the document; may be told anew at each request */
  document(domain: string): string | Buffer;
  port?: number;
}

export interface AutoconfigSimulator {
  port: number;
  close(): Promise<void>;
}

export async function startAutoconfig({
  tls,
  document,
  port = 0,
}: AutoconfigOptions): Promise<AutoconfigSimulator> {
  const server = createServer({ ...tls, minVersion: 'TLSv1.2' }, (request, response) => {
    const domain = /^autoconfig\.([^:]+)/.exec(request.headers.host ?? '')?.[1] ?? 'localhost';
    if (request.url === '/mail/config-v1.1.xml')
      response.writeHead(200, { 'content-type': 'text/xml' }).end(document(domain));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As source document 002 shows it. */
export function autoconfigDocument(
  domain: string,
  servers: { host: string; smtp: number; imap: number },
): string {
  const server = (element: string, type: string, port: number) => `
    <${element} type="${type}">
      <hostname>${servers.host}</hostname>
      <port>${port}</port>
      <socketType>STARTTLS</socketType>
      <authentication>OAuth2</authentication>
      <username>%EMAILADDRESS%</username>
    </${element}>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${domain}">
    <domain>${domain}</domain>${server('incomingServer', 'imap', servers.imap)}${server('outgoingServer', 'smtp', servers.smtp)}
  </emailProvider>
</clientConfig>
`;
}
