/**
 * A partner's software in small: its own keys, its mailbox or its push endpoint, a desk for each kind of thing it
 * receives. It uses nothing but the public interface, and writes what it decrypted where a person can read it.
 */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type GenuineDelivery,
  Inbox,
  mailboxLoop,
  type OpenedPart,
  type Outcome,
  type Patience,
  pushReceiver,
  ReaderKeys,
  ReceiptStore,
  ReceivedLog,
  RelaisClient,
  type RelaisEvent,
} from '#client';

import { type DepositPlace, depositLoop, partOf } from '../sftp/index.ts';
import { linesOf, type ReceivedLine, writeParts } from './write-parts.ts';

export interface PartnerOptions {
  id: string;
  relaisUrl: string;
  /** PEM */
  tls: { cert: string; key: string; ca: string };
  readers: ConstructorParameters<typeof ReaderKeys>[0];
  /** receipts, received ids, decrypted content */
  folder: string;
  /** what is done with each object, by `<flow>.<object>`; anything else is kept and acknowledged as received */
  desks?: Readonly<Record<string, Desk>>;
  /** takes pushes on a free port when given, else fetches its mailbox */
  push?: { cert: string; key: string; ca: string; port?: number };
  /** takes what lies in this folder, and answers by files, instead of fetching its mailbox */
  deposits?: DepositPlace;
  /** seconds of each long poll */
  wait?: number;
  onTrouble?: (error: unknown) => void;
  /** of every call to Relais */
  patience?: Patience;
}

/** The effect must depend on the message id only: a desk may be asked twice after a crash. Nothing returned = received. */
export type Desk = (delivery: DeskDelivery, client: RelaisClient) => Promise<DeskAnswer | undefined>;

export interface DeskDelivery extends ReceivedDelivery {
  subjectref: string | undefined;
  /** but those that came as NDJSON: they may be larger than memory */
  parts: readonly OpenedPart[];
  /** first part as JSON */
  json(): unknown;
  /** of what came as NDJSON, read back from the file */
  lines(): AsyncGenerator<ReceivedLine>;
}

export interface DeskAnswer {
  outcome?: Outcome;
  /** functional acknowledgement, sent to the sender under the delivery's exchange */
  acknowledgement?: Acknowledgement;
}

/** What was done with what came (`acknowledgement` of the flow's contract). */
export interface Acknowledgement {
  outcome: 'accepted' | 'partial' | 'refused';
  reference?: string;
  counts?: { received: number; accepted: number; refused: number };
  items: { pointer?: string; line?: number; code: string }[];
}

export interface ReceivedDelivery {
  messageId: string;
  type: string;
  flow: string;
  object: string;
  sender: string;
  correlationid: string | undefined;
  /** files written, in the order of the parts */
  files: string[];
}

export interface PartnerSoftware {
  client: RelaisClient;
  /** where Relais pushes, when this software takes pushes */
  endpoint?: string;
  /** what was received so far, newest last */
  received: readonly ReceivedDelivery[];
  /** the push endpoint answers 503 until false */
  sleep(asleep: boolean): void;
  close(): Promise<void>;
}

export async function startPartnerSoftware(options: PartnerOptions): Promise<PartnerSoftware> {
  const { id, relaisUrl, tls, folder, desks = {} } = options;
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
  /** acknowledgements that wait for their file, by message id */
  const byFile = new Map<string, Acknowledgement>();

  const inbox = new Inbox({
    self: id,
    keys: new ReaderKeys(options.readers),
    trusted: client.trusted,
    fetchPart: (deliveryId, n) =>
      options.deposits === undefined ? client.part(deliveryId, n) : partOf(options.deposits, deliveryId, n),
    received: log,
    partsHandler: (delivery) => take(delivery),
  });

  async function take(delivery: GenuineDelivery): Promise<Outcome | undefined> {
    const { event, flow } = delivery;
    const object = event.type.split('.')[3] ?? 'unknown';
    const { parts, files, lineFiles } = await writeParts(folder, delivery, object);
    const one = {
      messageId: event.id,
      type: event.type,
      flow,
      object,
      sender: event.relaissender,
      correlationid: event.others['correlationid'],
      files,
    };
    const json = () => JSON.parse(parts[0]?.content.toString() ?? 'null') as unknown;
    const answer = await desks[`${flow}.${object}`]?.(
      { ...one, subjectref: event.others['subjectref'], parts, json, lines: () => linesOf(lineFiles) },
      client,
    );
    if (answer?.acknowledgement !== undefined) {
      if (options.deposits === undefined) await acknowledge(one, answer.acknowledgement);
      else byFile.set(event.id, answer.acknowledgement);
    }
    received.push(one);
    return answer?.outcome;
  }

  /** The id of the acknowledgement is drawn from the message's: a second try is the same message. */
  async function acknowledge(to: ReceivedDelivery, acknowledgement: Acknowledgement): Promise<void> {
    await client.send({
      id: `acknowledgement-${to.messageId}`,
      type: `fr.relais-st.${to.flow}.acknowledgement.v1`,
      datacontenttype: 'application/json',
      recipient: to.sender,
      ...(to.correlationid === undefined ? {} : { correlationid: to.correlationid }),
      data: JSON.stringify(acknowledgement),
    });
  }

  const push = options.push === undefined ? undefined : await listenForPushes(options.push);
  const looking = { signal: stop.signal, onTrouble: trouble };
  const loop =
    options.deposits !== undefined
      ? depositLoop(options.deposits, takeDeposit, looking)
      : push === undefined
        ? mailboxLoop(client, inbox, { wait: options.wait ?? 5, ...looking })
        : undefined;
  loop?.catch(trouble);

  async function takeDeposit(event: RelaisEvent, data: Uint8Array) {
    const outcome = await inbox.take(event, data);
    const acknowledgement = byFile.get(event.id);
    byFile.delete(event.id);
    return { outcome, ...(acknowledgement === undefined ? {} : { acknowledgement }) };
  }

  async function listenForPushes({
    cert,
    key,
    ca,
    port,
  }: NonNullable<PartnerOptions['push']>): Promise<Server> {
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
