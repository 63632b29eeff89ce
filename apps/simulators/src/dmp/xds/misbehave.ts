/** What a DMP may do wrong, or its enemy in its place. */
import type { ServerResponse } from 'node:http';
import { registryResponse, SOAP, soapFault } from './write-answers.ts';

/** `loses-answer`: keeps the lot, then breaks the connection. */
export type DmpMisbehaviour =
  | 'busy'
  | 'unavailable'
  | 'fault'
  | 'refuses-the-assertion'
  | 'silent'
  | 'loses-answer'
  | 'loses-answer-once'
  | 'html'
  | 'doctype'
  | 'bomb'
  | 'endless'
  | 'drip'
  | 'no-xml'
  | 'two-faced'
  | 'strange-code'
  | 'unclosed-multipart'
  | 'in-parts';

const GOOD = registryResponse([]);
const BOMB = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh']
  .map((name, n) => `<!ENTITY ${name} "${`&${'abcdefgh'[n]};`.repeat(10)}">`)
  .join('')}]>`;

/** @returns true when the misbehaviour was the whole answer */
export function misbehaves(how: DmpMisbehaviour | undefined, response: ServerResponse): boolean {
  switch (how) {
    case 'silent':
      return true;
    case 'busy':
      return send(response, 200, SOAP, registryResponse([{ errorCode: 'XDSRepositoryBusy', context: '' }]));
    case 'unavailable':
      return send(response, 503, 'text/plain', '', { 'retry-after': '1' });
    case 'fault':
      return send(response, 500, SOAP, soapFault('Receiver', 'SecurityTokenUnavailable'));
    case 'refuses-the-assertion':
      return send(response, 500, SOAP, soapFault('Sender', 'InvalidSecurityToken'));
    case 'html':
      return send(response, 200, 'text/html', '<html><body>Maintenance</body></html>');
    case 'doctype':
      return send(response, 200, SOAP, GOOD.replace('?>', '?><!DOCTYPE a SYSTEM "file:///etc/passwd">'));
    case 'bomb':
      return send(response, 200, SOAP, GOOD.replace('?>', `?>${BOMB}`));
    case 'no-xml':
      return send(response, 200, SOAP, '<soap:Envelope');
    case 'two-faced':
      return send(
        response,
        200,
        SOAP,
        registryResponse([{ errorCode: 'X', context: '' }]).replace('Failure', 'Success'),
      );
    case 'strange-code':
      return send(response, 200, SOAP, registryResponse([{ errorCode: 'urn:nobody:knows', context: '' }]));
    case 'unclosed-multipart':
      return send(
        response,
        200,
        'multipart/related; boundary=b',
        `--b\r\nContent-Type: ${SOAP}\r\n\r\n${GOOD}`,
      );
    case 'endless':
      return flood(response);
    case 'drip':
      return drip(response);
    default:
      return false;
  }
}

export function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  return true;
}

/** White space without end, as fast as it is read. */
function flood(response: ServerResponse): true {
  response.writeHead(200, { 'content-type': SOAP });
  const piece = Buffer.alloc(65_536, ' ');
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
  return true;
}

/** A byte now and then: an answer that never ends and is never quite silent. */
function drip(response: ServerResponse): true {
  response.writeHead(200, { 'content-type': SOAP });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
  return true;
}
