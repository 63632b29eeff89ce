/** Bytes that Node could not read as a request never reach a route: they are answered here, in the same words. */
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BrokerError } from '#core';
import { PROBLEM, problemOf } from '../errors/problem.filter.ts';

export function answerClientErrors(
  server: Server,
  record: (error: BrokerError, socket: Duplex) => Promise<void>,
): void {
  // what follows the first bad byte is bad too
  const told = new WeakSet<Duplex>();
  server.removeAllListeners('clientError');
  server.on('clientError', (fault: NodeJS.ErrnoException, socket: Duplex) => {
    if (told.has(socket)) return;
    told.add(socket);
    void answer(fault, socket, record);
  });
}

async function answer(
  fault: NodeJS.ErrnoException,
  socket: Duplex & { _httpMessage?: ServerResponse },
  record: (error: BrokerError, socket: Duplex) => Promise<void>,
): Promise<void> {
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = problemFor(fault);
  const underWay = socket._httpMessage;
  // a request cut in the middle of its body is journalled where its body is read
  if (underWay === undefined) await record(error, socket);
  if (underWay?.headersSent === true) {
    socket.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(problemOf(error)));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `Content-Type: ${PROBLEM}`,
    `Content-Length: ${body.byteLength}`,
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}

function problemFor({ code }: NodeJS.ErrnoException): BrokerError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new BrokerError('body.stalled');
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new BrokerError('body.too-large', { detail: 'En-têtes de plus de 16 Kio.' });
  }
  return new BrokerError('event.malformed', { detail: 'Requête HTTP illisible.' });
}
