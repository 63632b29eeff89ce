import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { BadRequest } from './check-shape.ts';
import { type Behaviour, WRONG } from './misbehave.ts';
import { type Found, People, type SimulatedIdentity, TEST_PEOPLE } from './people.ts';
import { readRequest, type SearchRequest } from './read-request.ts';
import { answerVerification, readVerification, TYPE } from './verification.ts';
import { type Fault, writeAnswer, writeFault } from './write-answer.ts';

export interface InsiSimulatorOptions {
  /** 0 = a free one */
  port: number;
  /** PEM: the server's key and certificate (for `localhost`), and who may certify a client */
  tls: { key: string; cert: string; ca: string | string[] };
  /** authorisation numbers that are known; any other gets desir_550 */
  idams: readonly string[];
}

/** One request as it arrived, for a test or a demo to look at. */
export interface InsiCall {
  operation: 'traits' | 'vitale' | 'verification' | 'refused';
  /** CN of the client certificate */
  certificate: string;
  idam?: string;
  emitter?: string;
  messageId?: string;
  /** why it was refused */
  problem?: string;
  /** body, as received */
  request: string;
}

export interface InsiSimulator {
  /** SOAP endpoint; the verification is at `verification` beside it */
  url: string;
  /** From the next call on; `{}` = good again. */
  behave(behaviour: Behaviour): void;
  learn(identity: SimulatedIdentity): void;
  /** the last thousand, oldest first */
  calls(): readonly InsiCall[];
  close(): Promise<void>;
}

const CERTIFICATES = ['INSI-AUTO', 'INSI-MANU'];
const UNKNOWN_IDAM: Fault = {
  role: 'Sender',
  subcode: 'siram_100',
  code: 'desir_550',
  text: "Numéro d'autorisation du logiciel inconnu.",
  severity: 'erreur',
};
const NO_RIGHT: Fault = { ...UNKNOWN_IDAM, code: 'DESIR_560', text: 'Droits insuffisants.' };
const TECHNICAL: Fault = {
  role: 'Receiver',
  subcode: 'siram_40',
  code: 'insi_102',
  text: 'Erreur technique lors de la recherche par traits.',
  severity: 'fatal',
};

/** The national teleservice on loopback: official wire form over mTLS, and every way to misbehave. */
export async function startInsiSimulator(options: InsiSimulatorOptions): Promise<InsiSimulator> {
  const people = new People();
  const calls: InsiCall[] = [];
  let behaviour: Behaviour = {};

  const server = createServer(
    { ...options.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    },
  );

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const now = takeBehaviour();
    const body = await readText(request);
    if (now.delayMs !== undefined) await sleep(now.delayMs);
    const answer = answerTo(request, body);
    if (now.down !== undefined) fail(now.down, response, answer.body);
    else if (now.status !== undefined) response.writeHead(now.status).end();
    else if (now.fault !== undefined) send(response, faultAnswer({ ...TECHNICAL, ...now.fault }, ''));
    else if (now.wrong !== undefined)
      send(response, { ...soapAnswer(anyone()), body: WRONG[now.wrong](anyoneXml()) });
    else send(response, answer);
  }

  function takeBehaviour(): Behaviour {
    const { times, ...now } = behaviour;
    if (times !== undefined) behaviour = times > 1 ? { ...now, times: times - 1 } : {};
    return now;
  }

  function record(call: InsiCall): void {
    calls.push(call);
    if (calls.length > 1000) calls.shift();
  }

  function answerTo(request: IncomingMessage, body: string): Answer {
    const certificate = (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? '';
    const name = String(certificate);
    const known = CERTIFICATES.includes(name);
    if (request.method === 'POST' && request.url === '/verification') {
      return known ? verification(name, request, body) : { status: 403, type: 'text/plain', body: '' };
    }
    if (request.method !== 'POST' || request.url !== '/lps')
      return { status: 404, type: 'text/plain', body: '' };
    if (!known) {
      record({ operation: 'refused', certificate: name, problem: 'certificate', request: body });
      return faultAnswer(NO_RIGHT, '');
    }
    return search(name, request, body);
  }

  function search(certificate: string, request: IncomingMessage, body: string): Answer {
    let asked: SearchRequest;
    try {
      asked = readRequest(body, actionOf(request.headers['content-type']));
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      record({ operation: 'refused', certificate, problem: error.message, request: body });
      // the real code is not public: this one is plainly ours
      return faultAnswer({ ...UNKNOWN_IDAM, subcode: 'relais_1', code: 'relais_1', text: error.message }, '');
    }
    const { operation, idam, emitter, messageId } = asked;
    record({ operation, certificate, idam, emitter, messageId, request: body });
    if (!options.idams.includes(idam)) return faultAnswer(UNKNOWN_IDAM, messageId);
    const found =
      asked.operation === 'traits' ? people.search(asked.traits) : people.searchByCard(asked.card);
    return found === 'fault' ? faultAnswer(TECHNICAL, messageId) : soapAnswer(found);
  }

  function verification(certificate: string, request: IncomingMessage, body: string): Answer {
    const asked = request.headers['content-type'] === TYPE ? readVerification(body) : undefined;
    if (asked === undefined) {
      record({ operation: 'refused', certificate, problem: 'verification form', request: body });
      return { status: 400, type: 'text/plain', body: '' };
    }
    const { idam, emitter, id } = asked;
    record({ operation: 'verification', certificate, idam, emitter, messageId: id, request: body });
    if (!options.idams.includes(idam)) return { status: 403, type: 'text/plain', body: '' };
    return { status: 200, type: TYPE, body: answerVerification(asked, people) };
  }

  await listen(server, options.port);
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/lps`,
    behave: (next) => {
      behaviour = next;
    },
    learn: (identity) => people.learn(identity),
    calls: () => [...calls],
    close: () => close(server),
  };
}

interface Answer {
  status: number;
  type: string;
  body: string | Buffer;
}

const SOAP_TYPE = 'application/soap+xml; charset=utf-8';

function soapAnswer(found: Exclude<Found, 'fault'>): Answer {
  return { status: 200, type: SOAP_TYPE, body: writeAnswer(found) };
}

function faultAnswer(fault: Fault, messageId: string): Answer {
  return { status: 500, type: SOAP_TYPE, body: writeFault(fault, messageId) };
}

function anyone(): SimulatedIdentity {
  return TEST_PEOPLE[0] as SimulatedIdentity;
}

function anyoneXml(): string {
  return writeAnswer(anyone());
}

function actionOf(contentType: string | undefined): string | undefined {
  return /^application\/soap\+xml;.*\baction="([^"]+)"/i.exec(contentType ?? '')?.[1];
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function fail(how: NonNullable<Behaviour['down']>, response: ServerResponse, body: string | Buffer): void {
  if (how === 'reset') response.socket?.destroy();
  else if (how === '503') {
    send(response, {
      status: 503,
      type: 'text/html',
      body: '<!DOCTYPE html><html><body>Service Unavailable</body></html>',
    });
  } else {
    response.writeHead(200, { 'content-type': SOAP_TYPE, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, 100), () => {
      if (how === 'cut') response.socket?.destroy();
    });
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
