/**
 * A flow's contract: frozen data that survives a JSON round trip (exported, hashed, journalled),
 * and the few hooks where data is not enough.
 */
import type { ChannelName } from './channels/channels.ts';
import type { ContentTools } from './content-tools.ts';
import type { DocumentModel, PdfProfile } from './document.ts';
import type { Finding } from './errors.ts';
import type { GateContract } from './gate.ts';
import type { IdentityQuestion, IdentityVerdict } from './identity.ts';
import type { Told } from './own-space.ts';
import type { Audience, PartnerId, PartnerKind } from './partner.ts';

export type Priority = 'interactive' | 'bulk';

/** What is awaited after a message, and its clock: an answer with content of its own, or a functional acknowledgement. */
export interface ExchangeContract {
  /** object that answers, and object that refuses */
  answeredBy: string;
  refusedBy?: string;
  /** object of this flow by which Relais reminds the responder */
  remindedBy?: string;
  /** hours after opening */
  acknowledgeWithinHours: number;
  answerWithinHours: number;
  reminderAfterHours: number;
  expiresAfterHours: number;
}

/** What an object is about, and how much of it shows: the map of business objects and flows (docs/flows). */
export interface Business {
  /** French, the same words in every flow: « dossier (DMST) », « identité », « fiche d’entreprise »… */
  object: string;
  /** French: which part of it, in which detail */
  detail: string;
  confidentiality: 'NOMINATIF' | 'PSEUDO' | 'ANONYME' | 'AGREGE' | 'ENTREPRISE';
}

/** An object that comes as NDJSON: checked, kept and sent line by line, never whole in memory. */
export interface BulkContract {
  /** key into Flow.schemas, of one line */
  schema: string;
  /** key into Flow.schemas, of the first line when it declares what holds for all: gates and `check` see it alone */
  header?: string;
  onBadLine: 'skip' | 'all-or-nothing';
  maxLineBytes: number;
  maxLines: number;
}

export interface ObjectContract {
  title: string;
  /** absent for what only answers, reminds or acknowledges */
  business?: Business;
  major: number;
  senders: readonly PartnerKind[];
  recipients: { kinds: readonly PartnerKind[]; fixed?: PartnerId; max: number };
  /** channels by which it may leave, best first: the first that the recipient's agreement opens; else its ordinary way */
  channels?: readonly ChannelName[];
  mediaTypes: readonly string[];
  /** key into Flow.schemas, for application/json content */
  schema?: string;
  /** for application/x-ndjson content; identity is then the sender's affair */
  bulk?: BulkContract;
  maxBytes: number;
  priority: Priority;
  /** 'none', or what the verdict must allow before anything leaves */
  identity: 'none' | 'verify' | 'subject-of-exchange';
  /** what must be recorded before anything leaves (core/checks/gates), with the data that each gate needs */
  gates: readonly GateContract[];
  /** what no text of the content may hold, whatever its schema allows: refused, never cleaned */
  afterCheck?: AfterCheck;
  /** lines are measured together, over every service, once the campaign has closed */
  pooled?: Pooled;
  transform: { at: 'sender' | 'broker' | 'none'; removes: readonly string[] };
  /** French, for the demo line and the docs, e.g. "A/H, tiers retirés" */
  transformLabel: string;
  /** attributes that the CloudEvent must carry */
  requires: readonly ('correlationid' | 'lastvisit' | 'subjectref' | 'expirytime')[];
  opens?: ExchangeContract;
  /** answers an exchange; without `correlationid` in `requires`, it may also come unasked */
  answers?: boolean;
  /** an answer that only says what became of what was sent: it closes the exchange once the requester has it */
  acknowledges?: boolean;
  /** RFC 6901 pointer of the ordering key inside the content */
  orderKey?: string;
  /** a delivery that is not done after this many hours expires */
  lifeHours: number;
  /** dead deliveries may be replayed for this many days, then expire */
  replayDays: number;
  retention: {
    /** receipt that allows the sealed copy to be purged */
    sealedUntil: 'received' | 'opened' | 'filed';
    /** whatever the receipt, purge after this many days */
    sealedDays: number;
  };
  /** read at Relais by the people of a partner that has its pages there: a copy is kept for them under the portal's own keys */
  onPages?: boolean;
  /** it is the worker's own copy: it may go to the worker's mailbox in Mon espace santé */
  forTheWorker?: boolean;
  /** refusals are equal in size and released on ticks */
  discreet?: boolean;
  /** object of this flow by which Relais tells both services that it was opened */
  reportsOpening?: string;
  /** who inside the recipient may open it, when the flow does not divide it */
  audience: Audience;
  /** parts for these are not sent to a recipient that has no key for them; any other part must be */
  optionalAudiences?: readonly Audience[];
}

/** Traces of a person in a text: an INS-like number, an e-mail address, a telephone number, a name told elsewhere. */
export interface AfterCheck {
  shapes: readonly ('ins' | 'email' | 'phone')[];
  /** where shapes are at home: RFC 6901 pointers, `*` for any item or member */
  except: readonly string[];
  /** pointers of names (same pattern) that no other text may repeat */
  names?: readonly string[];
}

export interface Pooled {
  /** pointer of the list of lines */
  rows: string;
  /** members of a line by which somebody could be told from the others */
  quasiIdentifiers: readonly string[];
  /** every combination must be shared by so many lines at least */
  k: number;
}

/** When a survey is open. Dates are instants; the partners of an installation may set others (RELAIS_CAMPAIGNS). */
export interface Campaign {
  id: string;
  opensAt: string;
  closesAt: string;
}

export interface Contract {
  flow: string;
  title: string;
  version: string;
  /** where the rule comes from: articles, source documents, with their confidence */
  sources: readonly string[];
  objects: Readonly<Record<string, ObjectContract>>;
  campaign?: Campaign;
  /** the flow is shut unless this installation names it in RELAIS_FEATURES */
  feature?: string;
}

/** Content as the stages see it: bytes always, parsed JSON when the media type says so. */
export interface Content {
  mediaType: string;
  bytes: Uint8Array;
  json?: unknown;
}

/** One thing to seal for one audience of the recipient. */
export interface Part {
  audience: Audience;
  mediaType: string;
  /** made for these channels, which then carry it and no part that names none; absent: for every other way */
  only?: readonly ChannelName[];
  /** ready bytes, or a document to render */
  bytes?: Uint8Array;
  document?: DocumentModel;
  /** of the rendered document; `pdfa-3b` when absent */
  profile?: PdfProfile;
  /** makes of the rendered document what `mediaType` says, e.g. a CDA around it; pure */
  wrap?(pdf: Uint8Array): Uint8Array;
}

/** What a flow keeps of a message for the next one of the same key: never content, never who somebody is. */
export interface Remembered {
  key: string;
  value: unknown;
}

export interface CheckContext {
  /** of this service, when the check happens */
  now: string;
  recipients: readonly PartnerId[];
  campaign?: Campaign;
  lastVisit?: string;
  subjectRef?: string;
}

export interface Divided {
  parts: Part[];
  /** blocks taken away, for the trace */
  removed: number;
  /** of an object that is read at a portal's pages: whose it is */
  told?: Told;
  remember?: Remembered;
}

/** What one audience of the recipient gets of one line. */
export interface LinePart {
  audience: Audience;
  json: unknown;
}

export interface HookContext {
  messageId: string;
  sender: { id: PartnerId; name: string; siret?: string };
  receivedAt: string;
  digest: string;
  verdict?: IdentityVerdict;
  lastVisit?: string;
  /** as the sender gave it; of a request to one recipient, the one that the answer must give back */
  subjectRef?: string;
  /** pure functions that a flow may use and that live in a library */
  tools: ContentTools;
  /** what `divide` asked to remember under `memoryKey` for an earlier message of the same sender */
  remembered?: unknown;
}

/** Code of a flow. Every hook is pure: no file, no network, no clock. */
export interface ObjectHooks {
  /** business rules beyond the schema */
  check?(content: Content, context: CheckContext): Finding[];
  /**
   * the question to put to identity vigilance; undefined = nobody named. It is asked in the name of a service (its
   * mandate, its work list): the sender, or the recipient where the sender is none
   */
  identity?(
    content: Content,
    sender: PartnerId,
    recipients: readonly PartnerId[],
  ): IdentityQuestion | undefined;
  /** the clock of the exchange that this content opens, where the law makes it depend on what is asked */
  clock?(content: Content, openedAt: string): ExchangeContract;
  /** key of what may have only one message under way, e.g. an episode */
  orderKey?(content: Content): string | undefined;
  /** remove what the contract lists, split by audience, make documents */
  divide?(content: Content, context: HookContext): Divided;
  /** rules of one line beyond its schema; `line` counts from 1, the header included */
  checkLine?(json: unknown, line: number): Finding[];
  /** what each audience gets of one line; without it the line leaves as it came. Called twice for each line */
  divideLine?(json: unknown, context: HookContext): { parts: readonly LinePart[]; removed: number };
  /** names what `divide` of an earlier message of the same sender may have remembered */
  memoryKey?(content: Content): string | undefined;
  /** public outcome of an answer that refuses, never more than every reader may know; undefined = it does not refuse */
  publicRefusal?(content: Content): string | undefined;
}

export interface Flow {
  contract: Contract;
  /** JSON Schema 2020-12, by the names that the contract uses */
  schemas: Readonly<Record<string, object>>;
  hooks: Readonly<Record<string, ObjectHooks>>;
}

/**
 * Where a version stands under `contracts/`: the first major in the flow's own folder, a later one in `v2`, `v3`… inside
 * it, so that both can be in force while partners change.
 */
export function contractFolder({ flow, version }: Pick<Contract, 'flow' | 'version'>): string {
  const major = Number(version.split('.')[0]);
  return major === 1 ? flow : `${flow}/v${major}`;
}

/** `fr.relais-st.<flow>.<object>.v<major>` */
export function eventType(flow: string, object: string, major: number): string {
  return `fr.relais-st.${flow}.${object}.v${major}`;
}

const TYPE = /^fr\.relais-st\.([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)\.v([1-9][0-9]?)$/;

export function parseEventType(type: string): { flow: string; object: string; major: number } | undefined {
  const match = TYPE.exec(type);
  if (match === null) return undefined;
  const [, flow, object, major] = match as unknown as [string, string, string, string];
  return { flow, object, major: Number(major) };
}
