/** What the three stages share: the ports they are given and the settings they obey. */
import type { Flow } from './contract.ts';
import type { Finding } from './errors.ts';
import type { Subjects } from './own-space.ts';
import type {
  Bell,
  Clock,
  ContentTools,
  Directory,
  IdentityVigilance,
  Ids,
  Protection,
  Records,
  Renderer,
  Signer,
  Tracer,
  TransportTable,
  UnitOfWork,
  Vault,
  Waiters,
} from './ports.ts';
import type { WorkerPseudonyms } from './register-line.ts';
import type { RetrySettings } from './retry.ts';

export interface Settings {
  retry: RetrySettings;
  /** one try of one transport */
  attemptTimeoutMs: number;
  /** how long a `discreet` answer waits for the common tick */
  tickMs: number;
  /** idempotency keys outlive payloads */
  keyMemoryDays: number;
  /** the portal's copy of a dossier */
  portalDays: number;
  /** parts above this are cut (8 MiB) */
  partBytes: number;
  /** the same for what is sent line by line: a part is whole in memory several times over while it is sealed */
  bulkPartBytes: number;
}

/** Flows in force, with their compiled schemas and contract hash. */
export interface FlowTable {
  /** The version that knows an event type, for two majors may be in force side by side; without one, the newest. */
  of(flow: string, type?: string): FlowInForce | undefined;
}

export interface FlowInForce {
  flow: Flow;
  /** false = this installation has not switched its feature on */
  open: boolean;
  /** lowercase hex SHA-256 of the contract and schemas in canonical JSON */
  hash: string;
  /** findings of the object's JSON Schema, or of another that its contract names */
  schemaFindings(object: string, json: unknown, schema?: string): Finding[];
}

export interface Stages {
  clock: Clock;
  ids: Ids;
  unitOfWork: UnitOfWork;
  records: Records;
  vault: Vault;
  signer: Signer;
  protection: Protection;
  transports: TransportTable;
  identity: IdentityVigilance;
  renderer: Renderer;
  directory: Directory;
  flows: FlowTable;
  bell: Bell;
  waiters: Waiters;
  tools: ContentTools;
  workers: WorkerPseudonyms;
  subjects: Subjects;
  /** absent = nobody watches */
  tracer?: Tracer;
  settings: Settings;
}
