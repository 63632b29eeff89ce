/** The DMP on its wire, in small: mutual TLS, SOAP, MTOM. It judges every call by itself and keeps what it takes. */
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { checkVihf, type VihfRule } from './check-vihf.ts';
import { Deposits, type KeptDeposit } from './deposits.ts';
import { type DmpMisbehaviour, misbehaves, send } from './misbehave.ts';
import { type DossierState, type KeptDocument, Registry } from './registry.ts';
import { takeApart } from './take-apart.ts';
import { dossierState, registryResponse, SOAP, soapFault } from './write-answers.ts';
import { textAt, withXml } from './xml.ts';

export interface DmpOptions {
  /** PEM of its server, and the authorities of who may call and seal */
  tls: { cert: string; key: string; ca: string };
  folder: string;
  port?: number;
  versions?: readonly string[];
  sectors?: readonly string[];
  /** approval numbers that are known */
  homologations: readonly string[];
}

export interface DmpCall {
  kind: 'existence' | 'deposit';
  /** refusal of the call as a whole, or codes of the registry; empty = taken */
  problems: readonly string[];
  assertionId?: string;
  /** as received, for whoever wants to judge it with other programs */
  contentType: string;
  body: Buffer;
}

export interface Dmp {
  /** ITI-41 */
  endpoint: string;
  /** form of ours */
  existenceEndpoint: string;
  calls: readonly DmpCall[];
  kept: readonly KeptDeposit[];
  documents(): readonly KeptDocument[];
  /** state of the record of that matricule, of 15 characters */
  become(matricule: string, state: DossierState): void;
  misbehave(how: DmpMisbehaviour | undefined): void;
  close(): Promise<void>;
}

const ITI_41 = 'urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b';
const CALLS = 200;

export async function startDmp(options: DmpOptions): Promise<Dmp> {
  const { tls, folder, port = 0, versions = ['4.0'], sectors = ['SA13', 'SA66'], homologations } = options;
  const registry = new Registry();
  const deposits = new Deposits(registry, folder);
  const calls: DmpCall[] = [];
  const seen = new Set<string>();
  let misbehaviour: DmpMisbehaviour | undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const ruleFor = (request: IncomingMessage): VihfRule => ({
    anchors: tls.ca,
    structure: String((request.socket as TLSSocket).getPeerCertificate().subject?.OU ?? ''),
    versions,
    sectors,
    homologations,
    seen,
    now: new Date(),
  });

  function record(call: DmpCall): void {
    calls.push(call);
    if (calls.length > CALLS) calls.shift();
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const contentType = String(request.headers['content-type'] ?? '');
    if (request.method !== 'POST') return void send(response, 405, 'text/plain', '');
    if (request.url === '/existence') return existence(request, response, { contentType, body });
    if (request.url === '/repository') return deposit(request, response, { contentType, body });
    send(response, 404, 'text/plain', '');
  }

  function existence(
    request: IncomingMessage,
    response: ServerResponse,
    { contentType, body }: { contentType: string; body: Buffer },
  ): void {
    const envelope = body.toString('utf8');
    const caller = checkVihf(envelope, ruleFor(request));
    if (typeof caller === 'string') {
      record({ kind: 'existence', problems: [caller], contentType, body });
      return void send(response, 500, SOAP, soapFault('Sender', 'InvalidSecurityToken'));
    }
    seen.add(caller.assertionId);
    const patient = cx(caller);
    const asked = withXml(envelope, (root) => textAt(root, 'soap:Body/ex:DossierStateRequest/ex:patientId'));
    const problems = asked === patient ? [] : ['patient'];
    record({ kind: 'existence', problems, assertionId: caller.assertionId, contentType, body });
    if (problems.length > 0)
      return void send(response, 500, SOAP, soapFault('Sender', 'InvalidSecurityToken'));
    send(response, 200, SOAP, dossierState(registry.stateOf(caller.matricule)));
  }

  async function deposit(
    request: IncomingMessage,
    response: ServerResponse,
    { contentType, body }: { contentType: string; body: Buffer },
  ): Promise<void> {
    const refuse = (problem: string): void => {
      record({ kind: 'deposit', problems: [problem], contentType, body });
      send(response, 500, SOAP, soapFault('Sender', 'InvalidSecurityToken'));
    };
    const mtom = await takeApart(contentType, body);
    if (mtom === undefined) return refuse('mtom');
    const address = checkAddress(mtom.envelope, `https://${request.headers.host ?? ''}${request.url ?? ''}`);
    if (address !== undefined || mtom.action !== ITI_41) return refuse(address ?? 'action');
    const caller = checkVihf(mtom.envelope, ruleFor(request));
    if (typeof caller === 'string') return refuse(caller);
    seen.add(caller.assertionId);
    if (misbehaviour?.startsWith('loses-answer') !== true && misbehaves(misbehaviour, response)) return;
    const faults = deposits.take(mtom, {
      patient: cx(caller),
      state: registry.stateOf(caller.matricule),
      seal: { anchors: tls.ca, fingerprint: caller.fingerprint, now: new Date() },
    });
    record({
      kind: 'deposit',
      problems: faults.map(({ errorCode, context }) => `${errorCode} ${context}`),
      assertionId: caller.assertionId,
      contentType,
      body,
    });
    if (misbehaviour === 'loses-answer-once') misbehaviour = undefined;
    else if (misbehaviour !== 'loses-answer') return answer(response, registryResponse(faults));
    request.socket.destroy();
  }

  function answer(response: ServerResponse, envelope: string): void {
    if (misbehaviour !== 'in-parts') return void send(response, 200, SOAP, envelope);
    const type = 'multipart/related; type="application/xop+xml"; start="<r>"; boundary=b';
    const head = 'Content-Type: application/xop+xml; type="application/soap+xml"\r\nContent-ID: <r>';
    send(response, 200, type, `--b\r\n${head}\r\n\r\n${envelope}\r\n--b--\r\n`);
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
  const base = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `${base}/repository`,
    existenceEndpoint: `${base}/existence`,
    calls,
    kept: deposits.kept,
    documents: () => registry.documents,
    become: (matricule, state) => registry.become(matricule, state),
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

function cx({ matricule, oid }: { matricule: string; oid: string }): string {
  return `${matricule}^^^&${oid}&ISO^NH`;
}

/** WS-Addressing: the action, who it is for, an id. */
function checkAddress(envelope: string, endpoint: string): string | undefined {
  return withXml(envelope, (root) => {
    const header = (name: string) => textAt(root, `soap:Header/wsa:${name}`);
    if (header('Action') !== ITI_41) return 'wsa:Action';
    if (header('To') !== endpoint) return 'wsa:To';
    return /^urn:uuid:[0-9a-f-]{36}$/.test(header('MessageID') ?? '') ? undefined : 'wsa:MessageID';
  });
}
