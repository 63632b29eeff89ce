/** A refusal that no stage journalled, told once in the journal: who, which code, where; never what was sent. */
import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import {
  BrokerError,
  type Clock,
  type ErrorCode,
  type Ids,
  isStaff,
  type JournalEntry,
  recordEntry,
  type UnitOfWork,
  write,
} from '#core';
import type { Log } from '../engine/log.ts';
import { callerOf } from '../http/anyone.ts';
import type { ClientCertificates } from '../http/client-certificates.ts';
import { listenerOf } from '../http/listeners.ts';
import { authorityOf } from '../persons/person-route.ts';

export interface RefusalPorts {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
  certificates: ClientCertificates;
  log: Log;
}

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];
/** Asked only where a file is at hand: in a journal that every service reads, such a line would tell an opposition from an absence. */
const OF_A_FILE = /\/:id\/(?:candidates|release)$/;

export class Refusals {
  /** who sends too much is told at each request, journalled once a minute */
  readonly #floods = new RateLimiterMemory({ points: 1, duration: 60 });
  /** nor can partners, with what RabbitMQ takes from them before Relais sees it */
  readonly #receipts = new RateLimiterMemory({ points: 60, duration: 60 });
  /** strangers cannot fill the disk with their attempts */
  readonly #handshakes = new RateLimiterMemory({ points: 600, duration: 60 });

  constructor(private readonly ports: RefusalPorts) {}

  /** Never fails: a refusal that cannot be journalled is a refusal all the same. */
  async ofRequest(error: BrokerError, request: FastifyRequest): Promise<void> {
    const socket = request.raw.socket as TLSSocket;
    const actor = listenerOf(request) === 'partners' ? this.#partner(socket) : personOf(request);
    const route = request.routeOptions.url ?? 'none';
    if (error.code.startsWith('client.')) return this.#once(error, { kind: error.code, actor: 'unknown' });
    if (OF_A_FILE.test(route)) return;
    if (error.code === 'rate.exceeded' && actor !== undefined) {
      if (await mayPass(this.#floods, actor)) await this.#once(error, refused(error, actor, route));
      return;
    }
    // anonymous people, and readers of what is not theirs, leave a line in the log only
    if (actor === undefined || CHANGES_NOTHING.includes(request.method)) return;
    await this.ofActor(error, actor, route);
  }

  async ofActor(error: BrokerError, actor: string, route: string): Promise<void> {
    if (error.next !== 'reject' || error.code === 'not-found') return;
    await this.#once(error, refused(error, actor, route));
  }

  /** A receipt by RabbitMQ that was set aside: nobody is there to be answered. */
  async ofReceipt(error: BrokerError, actor: string): Promise<void> {
    if (!(await mayPass(this.#receipts, actor))) return;
    await this.#once(error, { kind: 'receipt.refused', actor, details: { code: error.code } });
  }

  /** Bytes that are no request. */
  async ofConnection(error: BrokerError, socket: TLSSocket): Promise<void> {
    await this.ofActor(error, this.#partner(socket), 'none');
  }

  async ofHandshake(code: ErrorCode): Promise<void> {
    if (!(await mayPass(this.#handshakes, ''))) return;
    await this.#once(new BrokerError(code), { kind: code, actor: 'unknown' });
  }

  async #once(error: BrokerError, facts: Pick<JournalEntry, 'kind' | 'actor' | 'details'>): Promise<void> {
    if (error.recordedAs !== undefined) return;
    const { clock, ids, log, unitOfWork } = this.ports;
    const entry = recordEntry({ id: ids.next(), at: clock.now().toISOString(), ...facts });
    try {
      await unitOfWork.commit([write('journal.entry', { entry })]);
      error.recordedAs = entry.id;
    } catch (problem) {
      log.error({ err: problem, code: error.code }, 'refusal not journalled');
    }
  }

  #partner(socket: TLSSocket): string {
    try {
      return this.ports.certificates.partnerOf(socket).id;
    } catch {
      return 'unknown';
    }
  }
}

function refused({ code, findings }: BrokerError, actor: string, route: string) {
  return { kind: 'request.refused', actor, details: { code, findings: findings.length, route } };
}

function personOf(request: FastifyRequest): string | undefined {
  const person = callerOf(request)?.person ?? authorityOf(request)?.person;
  if (person === undefined) return undefined;
  // workers and employers: the journal is read by auditors of every service, and none of them may follow one through it
  return isStaff(person) ? `person:${person.pseudonym}` : person.partner;
}

async function mayPass(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  return limiter.consume(key).then(
    () => true,
    () => false,
  );
}
