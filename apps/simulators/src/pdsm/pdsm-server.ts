/** A PDSm document server on loopback: ITI-65, ITI-105, ITI-67 and ITI-68 over mutual TLS. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { Bundle, DocumentReference, FhirResource } from 'fhir-types/r4.js';
import { bytesIn, checkBundle, checkPublish, type Issue } from './check-pdsm.ts';
import { DocumentStore, type KeptReference } from './document-store.ts';

export type PdsmMisbehaviour =
  | 'unavailable'
  | 'bad-request'
  | 'not-found'
  | 'forbidden'
  | 'no-fhir'
  | 'null'
  | 'huge'
  | 'redirects'
  | 'creates-half'
  | 'other-bytes'
  | 'elsewhere'
  | 'loses-answer-once';

export interface PdsmCall {
  transaction: 'ITI-65' | 'ITI-105' | 'ITI-67' | 'ITI-68';
  /** CN of the client certificate */
  certificate: string;
  issues: readonly Issue[];
  json?: unknown;
}

export interface Pdsm {
  endpoint: string;
  calls: readonly PdsmCall[];
  kept: readonly KeptReference[];
  misbehave(how: PdsmMisbehaviour | undefined): void;
  close(): Promise<void>;
}

export interface PdsmOptions {
  /** PEM of its server, and the authorities of who may call */
  tls: { cert: string; key: string; ca: string };
  port?: number;
}

const FHIR = 'application/fhir+json; charset=utf-8';

export async function startPdsm({ tls, port = 0 }: PdsmOptions): Promise<Pdsm> {
  const store = new DocumentStore();
  const calls: PdsmCall[] = [];
  let misbehaviour: PdsmMisbehaviour | undefined;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const path = new URL(request.url ?? '', 'https://localhost').pathname.replace(/^\/fhir\/?/, '');
    const socket = request.socket as TLSSocket;
    const call = (transaction: PdsmCall['transaction'], issues: readonly Issue[], json?: unknown) =>
      calls.push({
        transaction,
        issues,
        certificate: String(socket.getPeerCertificate().subject?.CN ?? ''),
        ...(json === undefined ? {} : { json }),
      });
    if (refuses(response)) return;
    if (request.method === 'POST' && path === '') {
      const json = parse(body);
      const issues = checkBundle(json);
      const refused = issues.length > 0 ? issues : store.refuses(documentOf(json as Bundle<FhirResource>));
      call('ITI-65', refused, json);
      if (refused.length > 0) return outcome(response, issues.length > 0 ? 422 : 409, refused);
      return keep(request, response, json as Bundle<FhirResource>);
    }
    if (request.method === 'POST' && path === 'DocumentReference') {
      const json = parse(body);
      const issues = checkPublish(json);
      const document = json as DocumentReference;
      const refused = issues.length > 0 ? issues : store.refuses(document);
      call('ITI-105', refused, json);
      if (refused.length > 0) return outcome(response, issues.length > 0 ? 422 : 409, refused);
      const data = document.content[0]?.attachment.data ?? '';
      const id = store.keep(document, Buffer.from(data, 'base64'));
      if (!lost(request)) answer(response, 201, { ...document, id });
      return;
    }
    if (request.method === 'POST' && path === 'DocumentReference/_search') {
      const params = new URLSearchParams(body);
      const isWhole = params.has('patient.identifier') && params.has('status');
      call('ITI-67', isWhole ? [] : [{ code: 'required', expression: 'patient, status' }]);
      if (!isWhole) return outcome(response, 400, [{ code: 'required', expression: 'patient, status' }]);
      const entry = store.find(params).map((resource) => ({ resource: shown(resource) }));
      return answer(response, 200, { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry });
    }
    if (request.method === 'GET' && path.startsWith('Binary/')) {
      const binary = store.binary(path.slice('Binary/'.length));
      call('ITI-68', []);
      if (binary === undefined) return outcome(response, 404, [{ code: 'not-found', expression: 'Binary' }]);
      return answer(response, 200, misbehaviour === 'other-bytes' ? { ...binary, data: 'AAAA' } : binary);
    }
    outcome(response, 404, [{ code: 'not-found', expression: '' }]);
  }

  function keep(request: IncomingMessage, response: ServerResponse, bundle: Bundle<FhirResource>): void {
    const { entry = [] } = bundle;
    const document = documentOf(bundle);
    store.keep(document, bytesIn(entry, document) ?? Buffer.alloc(0));
    if (lost(request)) return;
    const created = entry.map(({ resource }, n) => ({
      response: {
        status: misbehaviour === 'creates-half' && n > 0 ? '200 OK' : '201 Created',
        location: `${resource?.resourceType}/${n}`,
      },
    }));
    answer(response, 200, { resourceType: 'Bundle', type: 'transaction-response', entry: created });
  }

  function shown(reference: DocumentReference): DocumentReference {
    if (misbehaviour !== 'elsewhere') return reference;
    const [content] = reference.content;
    const attachment = { ...content?.attachment, url: 'https://elsewhere.example/Binary/1' };
    return { ...reference, content: [{ ...content, attachment }] };
  }

  function lost(request: IncomingMessage): boolean {
    if (misbehaviour !== 'loses-answer-once') return false;
    misbehaviour = undefined;
    request.socket.destroy();
    return true;
  }

  function refuses(response: ServerResponse): boolean {
    if (misbehaviour === 'unavailable') outcome(response, 503, [{ code: 'structure', expression: '' }]);
    else if (misbehaviour === 'bad-request')
      outcome(response, 400, [{ code: 'value', expression: 'Bundle' }]);
    else if (misbehaviour === 'not-found')
      outcome(response, 404, [{ code: 'not-found', expression: 'DocumentReference.subject' }]);
    else if (misbehaviour === 'forbidden')
      outcome(response, 403, [{ code: 'business-rule', expression: '' }]);
    else if (misbehaviour === 'null') response.writeHead(200, { 'content-type': FHIR }).end('null');
    else if (misbehaviour === 'huge')
      response.writeHead(200, { 'content-type': FHIR }).end(`"${'x'.repeat(8 << 20)}"`);
    else if (misbehaviour === 'redirects')
      response.writeHead(307, { location: 'https://localhost:9/elsewhere' }).end();
    else if (misbehaviour === 'no-fhir')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    else return false;
    return true;
  }

  const server = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    (request, response) => {
      take(request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}/fhir`,
    calls,
    kept: store.kept,
    misbehave: (how) => {
      misbehaviour = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function documentOf({ entry = [] }: Bundle<FhirResource>): DocumentReference {
  return entry
    .map(({ resource }) => resource)
    .find((one) => one?.resourceType === 'DocumentReference') as DocumentReference;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': FHIR }).end(JSON.stringify(json));
}

function outcome(response: ServerResponse, status: number, issues: readonly Issue[]): void {
  const issue = issues.map(({ code, expression }) => ({
    severity: 'error',
    code,
    ...(expression === '' ? {} : { expression: [expression] }),
  }));
  answer(response, status, { resourceType: 'OperationOutcome', issue });
}
