import {
  BrokerError,
  type ClaimRequest,
  type Delivery,
  type Job,
  type UnitOfWork,
  type Write,
  WriteConflict,
  type WriteName,
} from '#core';
import { present, type Row } from './entities/row.ts';
import { fieldsOf, type Outcome, type Step, type StepName } from './named.ts';
import { STATEMENTS } from './statements/index.ts';
import type { Params, Statement } from './statements/statement.ts';
import { isStorable } from './storable.ts';

/** Runs a list in one transaction, several lists in one commit. */
export interface ListWriter {
  /** @throws BrokerError `store.unavailable` when it cannot take the list */
  run(steps: readonly Step[]): Promise<Outcome>;
}

/** Every write of the product passes here: a list of named statements, for the writer of the database. */
export class StatementUnitOfWork implements UnitOfWork {
  readonly #writer: ListWriter;

  constructor(writer: ListWriter) {
    this.#writer = writer;
  }

  async commit(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) await this.#run(writes.map(stepOf));
  }

  async claim(request: ClaimRequest): Promise<Job[]> {
    const name = request.jobId === undefined ? 'job.claim' : 'job.claim-one';
    const rows = await this.#run([step(name, { ...request })]);
    return (rows as Row<Job>[]).map(present<Job>).sort((a, b) => a.rank - b.rank || byText(a.id, b.id));
  }

  async leaseMailbox(request: ClaimRequest & { flow?: string; exchangeId?: string }): Promise<Delivery[]> {
    const rows = await this.#run([step('delivery.lease', { ...request })]);
    return (rows as (Row<Omit<Delivery, 'receipt'>> & { receipt: string | null })[])
      .map((row) =>
        present<Delivery>({ ...row, receipt: row.receipt === null ? null : JSON.parse(row.receipt) }),
      )
      .sort((a, b) => byText(b.priority, a.priority) || byText(a.id, b.id));
  }

  async #run(steps: readonly Step[]): Promise<unknown[]> {
    const outcome = await this.#writer.run(steps);
    if ('rows' in outcome) return outcome.rows;
    const cause = new Error([outcome.step, outcome.code].filter(Boolean).join(' '));
    if (outcome.failure === 'conflict') throw new WriteConflict(outcome.step ?? '');
    if (outcome.failure === 'fenced') throw new BrokerError('writer.fenced', { cause });
    if (outcome.failure === 'unavailable')
      throw new BrokerError('store.unavailable', { retryAfter: 1, cause });
    throw new BrokerError('internal', { cause });
  }
}

function stepOf({ write, values }: Write): Step {
  // the table has one entry for each name, made for that name's values
  const statement = STATEMENTS[write] as Statement<unknown>;
  return step(write as WriteName, statement.params(values), statement.rows?.(values));
}

function step(name: StepName, given: Params, rows?: number): Step {
  const params: Step['params'] = {};
  for (const field of fieldsOf(name)) {
    const value = given[field] ?? null;
    if (!isStorable(value)) throw new BrokerError('content.invalid');
    params[field] = value as Step['params'][string];
  }
  return { name, params, rows };
}

/** ids and priorities are ASCII: the order of the code points, as in the database */
function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
