/**
 * Campaigns whose lines are measured together, over every service, once they have closed: what one service sends may
 * tell somebody that the lines of all services hide. The measure is taken once and remembered: figures, never a line.
 */
import { parseJson } from './checks/json.ts';
import { valueAt } from './content/pointer.ts';
import type { Campaign, Pooled } from './contract.ts';
import { BrokerError } from './errors.ts';
import { recordEntry } from './journal.ts';
import type { Task } from './outbound.ts';
import { WriteConflict } from './ports.ts';
import type { Stages } from './stages.ts';
import { write } from './writes.ts';

/** What was accepted at the last instant is on disk by then. */
const GRACE_MS = 2_000;
/** Whose memory it is: no partner has this id. */
const MEASURED_BY = 'relais';

/** Figures of one campaign. */
interface Measured {
  k: number;
  rows: number;
  classes: number;
  /** of every message that was measured: how many of its lines stand in too small a class */
  below: Record<string, number>;
}

export class Pools {
  readonly #measuring = new Map<string, Promise<Measured>>();

  constructor(private readonly stages: Stages) {}

  /** Until when such a message waits; undefined = it does not. */
  waitsUntil({ named }: Pick<Task, 'named'>): Date | undefined {
    const closesAt = named.inForce.flow.contract.campaign?.closesAt;
    if (named.contract.pooled === undefined || closesAt === undefined) return undefined;
    return new Date(Date.parse(closesAt) + GRACE_MS);
  }

  /** Whether lines of this message could be told from the others. Asked once its campaign has closed. */
  async tooFew(task: Task): Promise<boolean> {
    const { named, message } = task;
    const { campaign } = named.inForce.flow.contract;
    const pooled = named.contract.pooled;
    if (pooled === undefined) return false;
    if (campaign === undefined) throw new BrokerError('configuration.invalid');
    const key = `campaign/${named.object}/${campaign.id}`;
    const under = this.#measuring.get(key) ?? this.#measured(task, pooled, key, campaign);
    this.#measuring.set(key, under);
    try {
      const { below } = await under;
      // what was not measured is not known to be safe
      return !Object.hasOwn(below, message.id) || below[message.id] !== 0;
    } finally {
      this.#measuring.delete(key);
    }
  }

  async #measured(task: Task, pooled: Pooled, key: string, campaign: Campaign): Promise<Measured> {
    const { clock, ids, records, unitOfWork } = this.stages;
    const { flow, object } = task.named;
    const known = (await records.remembered(flow, MEASURED_BY, key)) as Measured | undefined;
    if (known !== undefined) return known;
    const pool = this.stages.tools.poolOf(pooled.quasiIdentifiers);
    const owners: string[] = [];
    for (const { id, receivedAt } of await records.pooled(flow, object)) {
      // one that an earlier campaign left undecided hides nobody in this one
      if (receivedAt < campaign.opensAt || receivedAt >= campaign.closesAt) continue;
      pool.add(id, await this.#rows(id, pooled.rows));
      owners.push(id);
    }
    const { k, rows, classes, below } = pool.measure(pooled.k);
    const measured = {
      k,
      rows,
      classes,
      below: Object.fromEntries(owners.map((id) => [id, below.get(id) ?? 0])),
    };
    const at = clock.now().toISOString();
    const entry = recordEntry({
      id: ids.next(),
      at,
      kind: 'campaign.measured',
      actor: 'broker',
      flow,
      details: {
        campaign: campaign.id,
        k,
        asked: pooled.k,
        rows,
        classes,
        messages: owners.length,
        below: [...below.values()].reduce((sum, lines) => sum + lines, 0),
      },
    });
    try {
      await unitOfWork.commit([
        write('memory.once', { flow, partner: MEASURED_BY, key, value: measured, at }),
        write('journal.entry', { entry }),
      ]);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      return (await records.remembered(flow, MEASURED_BY, key)) as Measured;
    }
    return measured;
  }

  async #rows(messageId: string, pointer: string): Promise<Record<string, unknown>[]> {
    const stored = await this.stages.records.payload(messageId);
    if (stored === undefined) return [];
    const rows = valueAt(parseJson(this.stages.vault.open(stored, messageId)), pointer);
    return Array.isArray(rows) ? rows : [];
  }
}
