/** Lists of statements of several callers, in one transaction of SQLite: one fsync for all of them. */
import type { Database, Statement } from 'better-sqlite3';
import { NAMED, type Outcome, type Step, type StepList, type StepName } from '../named.ts';
import { sqlOf } from '../statements/statement.ts';
import { failureOf } from './failure.ts';

class Fenced extends Error {}

interface Prepared {
  statement: Statement;
  /** whether the rows it changes are those that its list must change */
  counts: boolean;
}

export class GroupCommit {
  readonly #database: Database;
  readonly #prepared = new Map<StepName, Prepared[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * A list that fails is taken back alone, the others stand. All of them fail when the transaction itself does.
   * @throws when even the rollback fails: the connection is then of no more use
   */
  run(lists: readonly StepList[]): Outcome[] {
    const outcomes: Outcome[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const list of lists) outcomes.push(this.#runOne(list));
      this.#database.exec('COMMIT');
      return outcomes;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      const { code } = failureOf(error);
      return lists.map(({ id }) => ({ id, failure: 'unavailable', code }));
    }
  }

  #runOne({ id, steps }: StepList): Outcome {
    this.#database.exec('SAVEPOINT list');
    let step: Step | undefined;
    try {
      const rows: unknown[] = [];
      for (step of steps) rows.push(...this.#runStep(step));
      this.#database.exec('RELEASE list');
      return { id, rows };
    } catch (error) {
      // a full disk or an I/O error may have ended the whole transaction: then nobody's list stands
      if (!this.#database.inTransaction) throw error;
      this.#database.exec('ROLLBACK TO list');
      this.#database.exec('RELEASE list');
      const named = step === undefined ? {} : { step: step.name };
      if (error instanceof Fenced) return { id, failure: 'fenced', ...named };
      const { kind, code } = failureOf(error);
      return { id, failure: kind, code, ...named };
    }
  }

  #runStep({ name, params, rows }: Step): unknown[] {
    const returned: unknown[] = [];
    let changed = 0;
    for (const { statement, counts } of this.#prepare(name)) {
      if (statement.reader) returned.push(...statement.all(params));
      else {
        const { changes } = statement.run(params);
        if (counts) changed += changes;
      }
    }
    if (rows !== undefined && changed !== rows) throw new Fenced();
    return returned;
  }

  #prepare(name: StepName): Prepared[] {
    let statements = this.#prepared.get(name);
    if (statements === undefined) {
      statements = sqlOf(NAMED[name]).map(({ text, counts }) => ({
        statement: this.#database.prepare(text),
        counts,
      }));
      this.#prepared.set(name, statements);
    }
    return statements;
  }
}
