/**
 * A service's software in small: its own keys, its mailbox or its push endpoint, its dossiers. It uses nothing but the
 * public interface, and writes what it received and decrypted where a person can read it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  Inbox,
  mailboxLoop,
  type OpenedDelivery,
  type Outcome,
  type Patience,
  pushReceiver,
  ReaderKeys,
  ReceiptStore,
  ReceivedLog,
  RelaisClient,
} from '#client';
import { answerTo, type HeldDossier, type RequestedWorker } from './dossiers.ts';

export interface SpstiOptions {
  id: string;
  relaisUrl: string;
  /** PEM */
  tls: { cert: string; key: string; ca: string };
  readers: ConstructorParameters<typeof ReaderKeys>[0];
  /** receipts, received ids, decrypted content */
  folder: string;
  dossiers: readonly HeldDossier[];
  /** takes pushes on a free port when given, else fetches its mailbox */
  push?: { cert: string; key: string; ca: string; port?: number };
  /** seconds of each long poll */
  wait?: number;
  onTrouble?: (error: unknown) => void;
  /** of every call to Relais */
  patience?: Patience;
}

export interface Spsti {
  client: RelaisClient;
  /** where Relais pushes, when this service takes pushes */
  endpoint?: string;
  /** what was received so far, newest last */
  received: readonly ReceivedDelivery[];
  /** the push endpoint answers 503 until false */
  sleep(asleep: boolean): void;
  close(): Promise<void>;
}

export interface ReceivedDelivery {
  messageId: string;
  type: string;
  sender: string;
  correlationid: string | undefined;
  /** files written, in the order of the parts */
  files: string[];
}

const EXTENSIONS: Record<string, string> = {
  'application/json': 'json',
  'application/pdf': 'pdf',
};

export async function startSpsti(options: SpstiOptions): Promise<Spsti> {
  const { id, relaisUrl, tls, folder } = options;
  const client = new RelaisClient({
    baseUrl: relaisUrl,
    tls,
    partner: id,
    receipts: new ReceiptStore(join(folder, 'receipts')),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  const log = await ReceivedLog.open(join(folder, 'received.ndjson'));
  const received: ReceivedDelivery[] = [];
  const stop = new AbortController();
  const trouble = options.onTrouble ?? (() => undefined);
  let asleep = false;

  const inbox = new Inbox({
    self: id,
    keys: new ReaderKeys(options.readers),
    trusted: client.trusted,
    fetchPart: (deliveryId, n) => client.part(deliveryId, n),
    received: log,
    handler: (delivery) => take(delivery),
  });

  async function take(delivery: OpenedDelivery): Promise<Outcome | undefined> {
    const { event, parts } = delivery;
    const object = event.type.split('.')[3] ?? 'unknown';
    received.push({
      messageId: event.id,
      type: event.type,
      sender: event.relaissender,
      correlationid: event.others['correlationid'],
      files: write(folder, delivery, object),
    });
    if (object !== 'request') return { outcome: object === 'response' ? 'filed' : 'received' };
    const request = JSON.parse(parts[0]?.content.toString() ?? '{}') as { worker: RequestedWorker };
    await answer(event.id, event.relaissender, event.others, request.worker);
    return { outcome: 'received' };
  }

  /** The message id of the answer is drawn from the request's: a second try is the same message. */
  async function answer(
    requestId: string,
    asker: string,
    { correlationid, subjectref }: Readonly<Record<string, string>>,
    worker: RequestedWorker,
  ): Promise<void> {
    const reply = answerTo(worker, options.dossiers);
    const common = { recipient: asker, ...(correlationid === undefined ? {} : { correlationid }) };
    if (reply.object === 'refusal') {
      await client.send({
        ...common,
        id: `refusal-${requestId}`,
        type: 'fr.relais-st.dmst-portability.refusal.v1',
        datacontenttype: 'application/json',
        data: JSON.stringify({ code: reply.code }),
      });
      return;
    }
    const { dossier } = reply;
    await client.send({
      ...common,
      id: `response-${requestId}`,
      type: 'fr.relais-st.dmst-portability.response.v1',
      datacontenttype: dossier.mediaType,
      lastvisit: dossier.lastVisit,
      ...(subjectref === undefined ? {} : { subjectref }),
      data: dossier.content,
    });
  }

  const push = options.push === undefined ? undefined : await listenForPushes(options.push);
  const loop =
    push === undefined
      ? mailboxLoop(client, inbox, { wait: options.wait ?? 5, signal: stop.signal, onTrouble: trouble })
      : undefined;
  loop?.catch(trouble);

  async function listenForPushes({
    cert,
    key,
    ca,
    port,
  }: NonNullable<SpstiOptions['push']>): Promise<Server> {
    const receive = pushReceiver(inbox, {
      acknowledge: (deliveryId, outcome) => client.acknowledge(deliveryId, outcome),
      onRefused: trouble,
    });
    const server = createServer(
      { cert, key, ca, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
      (request, response) => {
        if (asleep) response.writeHead(503, { 'retry-after': '1' }).end();
        else receive(request, response).catch(trouble);
      },
    );
    await new Promise<void>((resolve) => server.listen(port ?? 0, '127.0.0.1', resolve));
    return server;
  }

  return {
    client,
    ...(push === undefined
      ? {}
      : { endpoint: `https://localhost:${(push.address() as AddressInfo).port}/relais` }),
    received,
    sleep: (value) => {
      asleep = value;
    },
    close: async () => {
      stop.abort();
      push?.close();
      push?.closeAllConnections();
      await loop;
      await client.close();
      await log.close();
    },
  };
}

/** One file a part: `<message>-<object>-A.pdf`, `-H` for the health professionals' part. */
function write(folder: string, { event, parts }: OpenedDelivery, object: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return parts.map(({ audience, datacontenttype, content }) => {
    const extension = EXTENSIONS[datacontenttype] ?? 'bin';
    const part = audience === 'enc' ? 'A' : 'H';
    const file = join(folder, `${object}-${event.id}-${part}.${extension}`);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  });
}
