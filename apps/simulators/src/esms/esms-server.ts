/** A medico-social establishment's FHIR server: mutual TLS, all or nothing, its own ids, each message once. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Bundle } from 'fhir-types/r4.js';
import { checkTransaction, type Issue } from './check-transaction.ts';
import { readable } from './readable.ts';

export interface EsmsOptions {
  /** PEM of its server, and the anchors of who may call */
  tls: { cert: string; key: string; ca: string };
  folder: string;
  port?: number;
}

/** `refuses`: an OperationOutcome whatever comes; `loses-answer`: creates, then breaks the connection. */
export type Misbehaviour = 'refuses' | 'unavailable' | 'silent' | 'creates-half' | 'loses-answer';

export interface ReceivedBundle {
  /** of the message, from Bundle.identifier */
  messageId: string;
  /** `ce-relaisattempt` of each time it came */
  attempts: string[];
  bundle: Bundle;
  /** bundle, and the page a person reads */
  files: string[];
}

export interface Esms {
  /** base of the server */
  endpoint: string;
  received: readonly ReceivedBundle[];
  /** what was refused last, and why */
  refused: readonly Issue[][];
  misbehave(how: Misbehaviour | undefined): void;
  close(): Promise<void>;
}

const LARGEST = 10 << 20;

export async function startEsms({ tls, folder, port = 0 }: EsmsOptions): Promise<Esms> {
  const received: ReceivedBundle[] = [];
  const refused: Issue[][] = [];
  let misbehaviour: Misbehaviour | undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (misbehaviour === 'silent') return;
    if (misbehaviour === 'unavailable')
      return answer(response, 503, outcome([{ code: 'not-supported', diagnostics: 'Maintenance.' }]));
    if (misbehaviour === 'refuses')
      return refuse(response, [{ code: 'business-rule', diagnostics: 'Usager inconnu ici.' }]);
    const isPost = request.method === 'POST' && request.url === '/fhir/';
    if (!isPost)
      return answer(
        response,
        404,
        outcome([{ code: 'not-supported', diagnostics: 'Seul POST [base] est ouvert.' }]),
      );
    const json = parse(body);
    const issues = checkTransaction(json);
    if (issues.length > 0) return refuse(response, issues);
    keep(json as Bundle, String(request.headers['ce-relaisattempt'] ?? ''));
    if (misbehaviour === 'loses-answer') return void request.socket.destroy();
    answer(response, 200, created(json as Bundle, misbehaviour === 'creates-half'));
  }

  function refuse(response: ServerResponse, issues: Issue[]): void {
    refused.push(issues);
    answer(response, 422, outcome(issues));
  }

  /** The same message again changes nothing. */
  function keep(bundle: Bundle, attempt: string): void {
    const messageId = (bundle.identifier?.value ?? '').replace('urn:uuid:', '');
    const known = received.find((one) => one.messageId === messageId);
    if (known !== undefined) {
      known.attempts.push(attempt);
      return;
    }
    const files = [join(folder, `summary-${messageId}.fhir.json`), join(folder, `summary-${messageId}.md`)];
    const [json, page] = files as [string, string];
    writeFileSync(json, `${JSON.stringify(bundle, null, 2)}\n`, { mode: 0o600 });
    writeFileSync(page, readable(bundle), { mode: 0o600 });
    received.push({ messageId, attempts: [attempt], bundle, files });
  }

  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      take(request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}/fhir`,
    received,
    refused,
    misbehave: (how) => {
      misbehaviour = how;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The server gives its own ids: what was sent as urn:uuid is not how it is found here. */
function created({ entry = [] }: Bundle, half: boolean): object {
  const kept = half ? entry.slice(0, Math.floor(entry.length / 2)) : entry;
  return {
    resourceType: 'Bundle',
    type: 'transaction-response',
    entry: kept.map(({ resource }) => ({
      response: { status: '201 Created', location: `${resource?.resourceType}/${randomUUID()}` },
    })),
  };
}

function outcome(issues: readonly Issue[]): object {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, diagnostics, expression }) => ({
      severity: 'error',
      code,
      diagnostics,
      ...(expression === undefined ? {} : { expression: [expression] }),
    })),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
