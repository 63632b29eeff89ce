/** From a sample to what the broker would seal for this partner: divided by its flow, rendered, cut, addressed. */
import {
  type BulkContract,
  type Content,
  type Delivery,
  type Divided,
  digestOf,
  type Exchange,
  eventType,
  type HookContext,
  type IdentityQuestion,
  type IdentityVerdict,
  type LinePart,
  type Message,
  Outbound,
  type Part,
  type Partner,
  type Protection,
  parseJson,
  type SealRequest,
} from '#core';
import { contentTools } from '../../../broker/src/engine/content-tools.ts';
import { uuidv7 } from '../../../broker/src/engine/stage-ports.ts';
import type { ReceivedSample } from './received-samples.ts';
import type { Tools } from './tools.ts';

/** A delivery before its seals: the same content may be sealed again, rightly or not, under another id. */
export interface Blueprint {
  sample: ReceivedSample;
  message: Message;
  delivery: Delivery;
  exchange: Exchange | undefined;
  /** one for each part, in order */
  requests: readonly SealRequest[];
}

const PART_BYTES = 8 << 20;
const HOUR_MS = 3_600_000;

/** @throws BrokerError when the flow refuses its own sample here (a library or a setting is missing) */
export async function blueprintOf(
  sample: ReceivedSample,
  partner: Partner,
  tools: Tools,
): Promise<Blueprint> {
  const { named, content } = sample;
  const message = messageOf(sample, partner, tools);
  const exchange = exchangeOf(message, sample, partner);
  const requests: SealRequest[] = [];
  const seen: Protection = {
    seal: (request) => {
      requests.push(request);
      return tools.protection.seal(request);
    },
    opens: (kid, certificates, own) => tools.protection.opens(kid, certificates, own),
    openOwn: (jwe) => tools.protection.openOwn(jwe),
    openOwnPart: (part) => tools.protection.openOwnPart(part),
  };
  const outbound = new Outbound({
    clock: tools.clock,
    ids: uuidv7,
    directory: tools.directory,
    identity: tools.identity,
    renderer: tools.renderer,
    protection: seen,
    signer: tools.signing,
    // a sample is nobody's
    subjects: { of: () => undefined },
    settings: { partBytes: PART_BYTES },
  });
  const answers = exchange !== undefined && exchange.requestId !== message.id;
  const task = {
    message,
    content,
    named,
    recipients: [partner],
    exchanges: answers || exchange === undefined ? [] : [exchange],
    answered: answers ? exchange : undefined,
  };
  const [outgoing] = await outbound.protect(task, divided(sample, message, tools));
  if (outgoing === undefined) throw new Error('nothing to deliver');
  return { sample, message, delivery: outgoing.delivery, exchange, requests };
}

function divided({ named, content }: ReceivedSample, message: Message, { clock, directory }: Tools): Divided {
  const { divide, divideLine, identity } = named.inForce.flow.hooks[named.object] ?? {};
  const question =
    named.contract.identity === 'verify'
      ? identity?.(content, message.sender, message.recipients)
      : undefined;
  const context: HookContext = {
    messageId: message.id,
    sender: { id: message.sender, name: directory.partner(message.sender)?.name ?? message.sender },
    receivedAt: message.receivedAt,
    digest: message.digest,
    tools: contentTools,
    ...(question === undefined ? {} : { verdict: asIfVerified(question, clock.now()) }),
    ...(message.lastVisit === undefined ? {} : { lastVisit: message.lastVisit }),
    ...(message.subjectRef === undefined ? {} : { subjectRef: message.subjectRef }),
  };
  const { bulk, audience } = named.contract;
  if (bulk !== undefined && divideLine !== undefined)
    return { parts: dividedLines(content, bulk, (line) => divideLine(line, context).parts), removed: 0 };
  if (bulk === undefined && divide !== undefined) return divide(content, context);
  return { parts: [{ audience, mediaType: content.mediaType, bytes: content.bytes }], removed: 0 };
}

/** As the broker divides what comes line by line: each audience gets the header, then its lines. */
function dividedLines(
  { bytes, mediaType }: Content,
  { header }: BulkContract,
  divide: (line: unknown) => readonly LinePart[],
): Part[] {
  const lines = Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const first = header === undefined ? [] : lines.splice(0, 1);
  const parts = lines.flatMap((line) => divide(parseJson(Buffer.from(line))));
  return [...Map.groupBy(parts, ({ audience }) => audience)].map(([audience, mine]) => ({
    audience,
    mediaType,
    bytes: Buffer.from(`${[...first, ...mine.map(({ json }) => JSON.stringify(json))].join('\n')}\n`),
  }));
}

/** No teleservice is asked about people who do not exist: the sample's own matricule, if any, is taken as found. */
function asIfVerified({ traits, ins }: IdentityQuestion, now: Date): IdentityVerdict {
  return {
    outcome: ins === undefined ? 'none' : 'found',
    status: ins === undefined ? 'PROV' : 'QUAL',
    attributes: [],
    ...(ins === undefined ? {} : { ins, traits }),
    reasons: [],
    inDoubt: false,
    verifiedAt: now.toISOString(),
  };
}

function messageOf({ named, content, sender }: ReceivedSample, partner: Partner, { clock }: Tools): Message {
  const { flow, object, contract, inForce } = named;
  const now = clock.now();
  const id = uuidv7.next();
  return {
    id,
    sender,
    senderId: `conformance-${id}`,
    type: eventType(flow, object, contract.major),
    flow,
    object,
    recipients: [partner.id],
    datacontenttype: content.mediaType,
    digest: digestOf(content.bytes),
    size: content.bytes.byteLength,
    status: 'delivering',
    receivedAt: now.toISOString(),
    priority: contract.priority,
    contractHash: inForce.hash,
    receipt: '',
    ...(contract.requires.includes('lastvisit') ? { lastVisit: lastVisitOf(content, now) } : {}),
    ...(contract.requires.includes('subjectref') ? { subjectRef: uuidv7.next() } : {}),
  };
}

/** As a dossier says of itself; any plausible day otherwise. */
function lastVisitOf({ json }: Content, now: Date): string {
  const told = (json as { closure?: { lastVisitAt?: unknown } } | undefined)?.closure?.lastVisitAt;
  return typeof told === 'string' ? told : now.toISOString().slice(0, 10);
}

/** The one that this message opens, or that it is said to answer; undefined where the flow has none. */
function exchangeOf(
  message: Message,
  { named, sender }: ReceivedSample,
  partner: Partner,
): Exchange | undefined {
  const { contract, flow } = named;
  const answers = contract.requires.includes('correlationid');
  if (contract.opens === undefined && !answers) return undefined;
  const at = (hours: number) => new Date(Date.parse(message.receivedAt) + hours * HOUR_MS).toISOString();
  const clocks = contract.opens;
  return {
    id: uuidv7.next(),
    flow,
    requestId: answers ? uuidv7.next() : message.id,
    requester: answers ? partner.id : sender,
    responder: answers ? sender : partner.id,
    subjectRef: message.subjectRef ?? uuidv7.next(),
    state: answers ? 'SENT' : 'SUBMITTED',
    openedAt: message.receivedAt,
    acknowledgeBy: at(clocks?.acknowledgeWithinHours ?? 24),
    deadline: at(clocks?.answerWithinHours ?? 24),
    reminderAt: at(clocks?.reminderAfterHours ?? 24),
    reminded: false,
    expiresAt: at(clocks?.expiresAfterHours ?? contract.lifeHours),
    overdue: false,
    updatedAt: message.receivedAt,
  };
}
