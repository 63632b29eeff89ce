/** Answers that a partner keeps for us: asked for under the reconciliation key of each exchange that awaits one. */
import {
  asBrokerError,
  awaitsAnswer,
  type Directory,
  type Exchange,
  type Partner,
  partnerSource,
  type Records,
} from '#core';
import type { InteropsSoap, Waiting } from '#transports';
import type { ChannelReader } from '../channels/reader.ts';
import type { Log } from '../engine/log.ts';
import type { Take } from '../intake/take.ts';

const EVERY_MS = 1_000;
const PAGE = 500;
/** of one call: a partner that takes it and says nothing must not hold up the others */
const CALL_MS = 30_000;
/** no answer is awaited for longer */
const LONGEST_MS = 62 * 86_400_000;

export interface PollPorts {
  transport: Pick<InteropsSoap, 'waiting' | 'acknowledge'>;
  directory: Directory;
  records: Pick<Records, 'exchanges'>;
  take: Pick<Take, 'take'>;
  now: () => Date;
  log: Pick<Log, 'warn'>;
}

export class InteropsPoll implements ChannelReader {
  readonly name = 'interops';
  readonly everyMs = EVERY_MS;
  /** when each partner is asked next */
  readonly #next = new Map<string, number>();

  constructor(private readonly ports: PollPorts) {}

  async look(signal: AbortSignal): Promise<void> {
    const { directory, now } = this.ports;
    for (const partner of directory.all()) {
      const seconds = partner.channels?.['interops-soap']?.client?.pollSeconds;
      const at = now().getTime();
      if (seconds === undefined || (this.#next.get(partner.id) ?? 0) > at) continue;
      this.#next.set(partner.id, at + seconds * 1000);
      await this.#askFor(partner, at, signal);
    }
  }

  /** Every exchange that awaits an answer of that partner, were there many that no longer do. */
  async #askFor(partner: Partner, now: number, signal: AbortSignal): Promise<void> {
    const { records } = this.ports;
    let afterId: string | undefined = firstIdSince(now - LONGEST_MS);
    while (afterId !== undefined) {
      const page: Exchange[] = await records.exchanges({ party: partner.id, afterId, limit: PAGE });
      for (const exchange of page) {
        if (signal.aborted) return;
        if (exchange.responder !== partner.id || !awaitsAnswer(exchange)) continue;
        // who is away for one is away for all: its turn comes again
        if (!(await this.#ask(partner, exchange, signal))) return;
      }
      afterId = page.length < PAGE ? undefined : page.at(-1)?.id;
    }
  }

  /**
   * One that fails is asked again in its turn: others are not kept waiting for it.
   * @returns false when the partner could not be reached
   */
  async #ask(partner: Partner, exchange: Exchange, signal: AbortSignal): Promise<boolean> {
    const sender = this.ports.directory.partner(exchange.requester);
    if (sender === undefined) return true;
    const call = { sender, recipient: partner, key: exchange.id, flow: exchange.flow };
    const { transport } = this.ports;
    const inTime = () => AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]);
    try {
      for (const waiting of await transport.waiting(call, inTime())) {
        const outcome = await this.#take(partner, sender, waiting);
        await transport.acknowledge(call, { delivery: waiting.delivery, ...outcome }, inTime());
      }
      return true;
    } catch (error) {
      const { code } = asBrokerError(error);
      this.ports.log.warn({ code, partner: partner.id, exchange: exchange.id }, 'answers not fetched');
      return code !== 'transport.unreachable';
    }
  }

  async #take(
    partner: Partner,
    sender: Partner,
    { content, key, message, type }: Waiting,
  ): Promise<{ outcome: 'received' | 'refused'; code?: string }> {
    try {
      await this.ports.take.take(partner, {
        event: {
          id: message,
          source: partnerSource(partner.id),
          type,
          datacontenttype: content.mediaType,
          recipient: sender.id,
          ...(key === undefined ? {} : { correlationid: key }),
        },
        data: content.bytes,
        by: 'interops-soap',
      });
      return { outcome: 'received' };
    } catch (error) {
      const problem = asBrokerError(error);
      if (problem.next !== 'reject') throw problem;
      return { outcome: 'refused', code: problem.code };
    }
  }
}

/** Ids begin with their instant (UUIDv7). */
function firstIdSince(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
