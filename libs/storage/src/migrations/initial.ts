import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BYTES, TYPED_TABLE } from '../dialect.ts';
import { runStatements } from './run-statements.ts';

const TABLES = [
  `CREATE TABLE message (
    id TEXT NOT NULL PRIMARY KEY,
    wrapped_key ${BYTES},
    kek_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    type TEXT NOT NULL,
    flow TEXT NOT NULL,
    object TEXT NOT NULL,
    recipients TEXT NOT NULL,
    datacontenttype TEXT NOT NULL,
    correlation_id TEXT,
    expiry_time TEXT,
    subject_ref TEXT,
    last_visit TEXT,
    traceparent TEXT,
    sender_signature TEXT,
    person TEXT,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    status TEXT NOT NULL,
    received_at TEXT NOT NULL,
    priority TEXT NOT NULL,
    order_key TEXT,
    contract_hash TEXT NOT NULL,
    reason TEXT,
    receipt TEXT NOT NULL,
    kept_until TEXT NOT NULL
  ) ${TYPED_TABLE}`,
  `CREATE TABLE payload_chunk (
    message_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    bytes ${BYTES} NOT NULL,
    PRIMARY KEY (message_id, n)
  ) ${TYPED_TABLE}`,
  `CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES message (id),
    recipient TEXT NOT NULL,
    transport TEXT NOT NULL,
    flow TEXT NOT NULL,
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    priority TEXT NOT NULL,
    order_key TEXT,
    exchange_id TEXT,
    created_at TEXT NOT NULL,
    next_try_at TEXT,
    expires_at TEXT NOT NULL,
    last_error TEXT,
    receipt TEXT,
    manifest TEXT,
    part_count INTEGER NOT NULL,
    kept_until TEXT,
    lease_until TEXT
  ) ${TYPED_TABLE}`,
  `CREATE TABLE delivery_part (
    delivery_id TEXT NOT NULL REFERENCES delivery (id),
    n INTEGER NOT NULL,
    audience TEXT NOT NULL,
    kid TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    jwe ${BYTES} NOT NULL,
    PRIMARY KEY (delivery_id, n)
  ) ${TYPED_TABLE}`,
  `CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    stage TEXT NOT NULL,
    lane TEXT NOT NULL,
    rank INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    delivery_id TEXT,
    order_key TEXT,
    run_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease TEXT,
    lease_until TEXT
  ) ${TYPED_TABLE}`,
  `CREATE TABLE exchange (
    id TEXT NOT NULL PRIMARY KEY,
    flow TEXT NOT NULL,
    group_id TEXT,
    request_id TEXT NOT NULL,
    requester TEXT NOT NULL,
    responder TEXT NOT NULL,
    subject_ref TEXT NOT NULL,
    state TEXT NOT NULL,
    source_state TEXT,
    opened_at TEXT NOT NULL,
    acknowledge_by TEXT NOT NULL,
    deadline TEXT NOT NULL,
    reminder_at TEXT NOT NULL,
    reminded INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    overdue INTEGER NOT NULL,
    answer_id TEXT,
    last_visit TEXT,
    refusal TEXT,
    updated_at TEXT NOT NULL
  ) ${TYPED_TABLE}`,
  `CREATE TABLE dmst_request (
    id TEXT NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL,
    author TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    informed_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    evidence_seen TEXT,
    identity_status TEXT NOT NULL,
    sources TEXT NOT NULL,
    best TEXT,
    cancel_reason TEXT,
    wrapped_key ${BYTES},
    kek_id TEXT NOT NULL,
    bytes ${BYTES} NOT NULL
  ) ${TYPED_TABLE}`,
  `CREATE TABLE held_identity (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL,
    partner TEXT NOT NULL,
    reasons TEXT NOT NULL,
    held_at TEXT NOT NULL,
    decision TEXT,
    wrapped_key ${BYTES},
    kek_id TEXT NOT NULL,
    bytes ${BYTES} NOT NULL
  ) ${TYPED_TABLE}`,
  `CREATE TABLE delegation (
    id TEXT NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL,
    physician_rpps TEXT NOT NULL,
    physician TEXT,
    delegate TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) ${TYPED_TABLE}`,
  `CREATE TABLE journal_entry (
    id TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    message_id TEXT,
    seal INTEGER,
    position INTEGER
  ) ${TYPED_TABLE}`,
  `CREATE TABLE journal_seal (
    n INTEGER NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    size INTEGER NOT NULL,
    root TEXT NOT NULL,
    prev TEXT NOT NULL,
    jws TEXT NOT NULL
  ) ${TYPED_TABLE}`,
];

/** Each serves a named statement or a read; partial where only few rows are ever looked for. */
const INDEXES = [
  // idempotency
  'CREATE UNIQUE INDEX message_sender ON message (sender, sender_id)',
  // orderKey: messages that have no delivery yet
  `CREATE INDEX message_keyed ON message (order_key, id)
    WHERE order_key IS NOT NULL AND status IN ('accepted', 'preparing', 'held')`,
  'CREATE INDEX payload_chunk_age ON payload_chunk (at, message_id)',
  // one delivery per unit, however often a message is prepared
  'CREATE UNIQUE INDEX delivery_unit ON delivery (message_id, recipient)',
  'CREATE INDEX delivery_state ON delivery (state, id)',
  `CREATE INDEX delivery_waiting ON delivery (recipient, state, created_at)
    WHERE state NOT IN ('delivered', 'refused', 'dead', 'expired', 'cancelled')`,
  `CREATE INDEX delivery_keyed ON delivery (recipient, order_key, message_id, id)
    WHERE order_key IS NOT NULL AND state NOT IN ('delivered', 'refused', 'expired', 'cancelled')`,
  `CREATE INDEX delivery_mailbox ON delivery (recipient, priority DESC, id, lease_until, flow, order_key, message_id)
    WHERE state = 'available'`,
  `CREATE INDEX delivery_expiry ON delivery (expires_at)
    WHERE state NOT IN ('delivered', 'refused', 'expired', 'cancelled')`,
  'CREATE INDEX delivery_kept ON delivery (kept_until) WHERE kept_until IS NOT NULL',
  // the claim: a leased job comes up again when its lease runs out
  'CREATE INDEX job_due ON job (lane, rank, coalesce(lease_until, run_at), id)',
  'CREATE INDEX job_message ON job (message_id)',
  'CREATE INDEX exchange_group ON exchange (group_id) WHERE group_id IS NOT NULL',
  'CREATE INDEX exchange_request ON exchange (request_id)',
  'CREATE INDEX exchange_requester ON exchange (requester)',
  'CREATE INDEX exchange_responder ON exchange (responder)',
  `CREATE INDEX exchange_expiry ON exchange (expires_at)
    WHERE state NOT IN ('REFUSED', 'FILED', 'CLOSED', 'EXPIRED', 'CANCELLED', 'QUARANTINED')`,
  `CREATE INDEX exchange_reminder ON exchange (reminder_at)
    WHERE reminded = 0 AND state IN ('DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED')`,
  `CREATE INDEX exchange_deadline ON exchange (deadline)
    WHERE overdue = 0 AND state IN ('DRAFT', 'GATE_OK', 'SUBMITTED', 'DELIVERED', 'ACCEPTED')`,
  'CREATE INDEX dmst_request_partner ON dmst_request (partner, author)',
  `CREATE INDEX dmst_request_open ON dmst_request (expires_at) WHERE state = 'open'`,
  'CREATE INDEX held_identity_open ON held_identity (id) WHERE decision IS NULL',
  'CREATE INDEX delegation_delegate ON delegation (delegate)',
  'CREATE INDEX journal_entry_unsealed ON journal_entry (id) WHERE seal IS NULL',
  'CREATE INDEX journal_entry_message ON journal_entry (message_id) WHERE message_id IS NOT NULL',
  'CREATE UNIQUE INDEX journal_entry_place ON journal_entry (seal, position) WHERE seal IS NOT NULL',
];

/** The schema of the first release. Never edited once released: a change is a new migration. */
export class Initial implements MigrationInterface {
  readonly name = 'Initial1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...TABLES, ...INDEXES]);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only: restore a copy of the file instead');
  }
}
